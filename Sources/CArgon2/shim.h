// libargon2 (Debian: libargon2-dev): Argon2id for passwords.
#include <argon2.h>
