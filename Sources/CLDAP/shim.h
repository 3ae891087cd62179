// OpenLDAP's client library (Debian: libldap-dev).
#include <ldap.h>
