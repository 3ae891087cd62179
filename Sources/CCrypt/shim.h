// libcrypt (Debian: libcrypt-dev): crypt_r and crypt_gensalt_rn for bcrypt.
#include <crypt.h>
