// libqrencode (Debian: libqrencode-dev): QR codes that authenticator apps read.
#include <qrencode.h>
