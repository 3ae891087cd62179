#include "no-locale-data.h"

const struct icu_data icudt76_dat = {
    .header_size = 32,
    .magic = {0xda, 0x27},
    .info = {
        .size = sizeof(struct icu_data_info),
        .is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
        .size_of_char = 2,
        .data_format = {'T', 'o', 'C', 'P'},
        .format_version = {1},
    },
};
