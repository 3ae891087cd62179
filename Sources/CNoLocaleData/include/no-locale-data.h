// An empty table of contents in the place of ICU's data.
//
// ICU comes with Foundation, which GRDB and Yams import, and with it 34 MB of languages, calendars, time zones and orders of
// sorting. Nothing here asks for any of them: texts have one language, times are seconds, and what the regular expressions and
// the cases of letters need is in ICU's code. As the linker finds the symbol here, it leaves the archive's member that has the
// data out. This is what ICU calls its stub data; other versions of ICU have other names for the symbol, and take no notice.
//
// What needs the data is refused by scripts/check-locale-data: formatters end the program without it, comparisons for a language
// compare code points, time zones have no names, and URLs no international hosts.
#include <stdint.h>

// ICU's UDataInfo.
struct icu_data_info {
    uint16_t size, reserved_word;
    uint8_t is_big_endian, charset_family, size_of_char, reserved_byte;
    uint8_t data_format[4], format_version[4], data_version[4];
};

struct __attribute__((aligned(16))) icu_data {
    uint16_t header_size;
    uint8_t magic[2];
    struct icu_data_info info;
    uint8_t padding[8];
    uint32_t count, reserved;
};

extern const struct icu_data icudt76_dat;
