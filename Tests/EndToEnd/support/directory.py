"""A real OpenLDAP server on the loopback address, with people and groups."""
import base64
import pathlib
import subprocess

from support.certificates import Authority
from support.ledger import LEDGER
from support.ports import answers, free_ports
from support.program import Program

SUFFIX = "dc=example,dc=com"
SERVICE = f"cn=gatehouse,{SUFFIX}"
SERVICE_PASSWORD = LEDGER.add("s3rvice-of-the-directory", "the password of bindDN")
PEOPLE = f"ou=people,{SUFFIX}"
GROUPS = f"ou=groups,{SUFFIX}"
# More than the server gives without pages.
MANY = 700
# Of each kind: fewer than one user may be in, and both kinds together more.
CROWD = 2600

# What Active Directory calls its things.
AD_SCHEMA = """
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'adUser' SUP top AUXILIARY
  MAY ( userAccountControl $ sAMAccountName $ objectGUID $ userPrincipalName ) )
"""

GUID = bytes.fromhex("ff00a1b2c3d4e5f60718293a4b5c6d7e")


def password_of(name: str) -> str:
    return LEDGER.add(f"ldap-password-of-{name}", f"password of {name} in the directory")


def _entry(dn: str, *lines: str) -> str:
    return "\n".join([f"dn: {dn}", *lines]) + "\n\n"


def _person(rdn: str, uid: str, *lines: str, mail: bool = True, control: int = 512) -> str:
    return _entry(
        f"{rdn},{PEOPLE}", "objectClass: inetOrgPerson", "objectClass: adUser", f"uid: {uid}", f"sn: {uid.title()}",
        f"userPassword: {password_of(uid)}", f"userAccountControl: {control}", f"sAMAccountName: {uid}.sam",
        f"userPrincipalName: {uid}@corp.example.org", *([f"mail: {uid}@example.com"] if mail else []), *lines)


def _group(name: str, *members: str, below: str = GROUPS, lines: tuple[str, ...] = ()) -> str:
    return _entry(
        f"cn={name},{below}", "objectClass: groupOfNames", f"cn: {name}", *(f"member: {dn}" for dn in members), *lines)


def _unique_group(name: str, *members: str) -> str:
    return _entry(
        f"cn={name},{GROUPS}", "objectClass: groupOfUniqueNames", f"cn: {name}", *(f"uniqueMember: {dn}" for dn in members))


def _content() -> str:
    ada, bob, john = f"uid=ada,{PEOPLE}", f"uid=bob,{PEOPLE}", f"cn=Smith\\, John (Jack),{PEOPLE}"
    carol, inner = f"uid=carol,{PEOPLE}", f"ou=inner,{GROUPS}"
    return "".join([
        _entry(SUFFIX, "objectClass: dcObject", "objectClass: organization", "o: Example", "dc: example"),
        _entry(SERVICE, "objectClass: organizationalRole", "objectClass: simpleSecurityObject", "cn: gatehouse",
               f"userPassword: {SERVICE_PASSWORD}"),
        _entry(PEOPLE, "objectClass: organizationalUnit", "ou: people"),
        _entry(GROUPS, "objectClass: organizationalUnit", "ou: groups"),
        _person("uid=ada", "ada", "cn: Ada Lovelace", f"objectGUID:: {base64.b64encode(GUID).decode()}",
                # The overlay keeps these up, but does not make them for what is loaded.
                f"memberOf: cn=engineers,{GROUPS}", f"memberOf: cn=red,{GROUPS}"),
        _person("uid=bob", "bob", "cn: Bob"),
        _person("cn=Smith\\, John (Jack)", "jsmith"),
        _person("uid=gone", "gone", "cn: Gone", control=514),
        _person("uid=nomail", "nomail", "cn: No Mail", mail=False),
        _person("uid=many", "many", "cn: Many"),
        _person("uid=carol", "carol", "cn: Carol"),
        # Two levels below ou=people.
        _entry(f"ou=inner,{PEOPLE}", "objectClass: organizationalUnit", "ou: inner"),
        _person("uid=deep,ou=inner", "deep", "cn: Deep"),
        _person("uid=twin", "twin", "cn: Twin", "mail: twins@example.com"),
        _person("uid=twin2", "twin2", "cn: Twin", "mail: twins@example.com"),
        # A continuation elsewhere, which nobody follows.
        _entry(f"ou=away,{PEOPLE}", "objectClass: referral", "objectClass: extensibleObject", "ou: away",
               "ref: ldap://192.0.2.1/ou=people,dc=example,dc=com"),
        _group("engineers", ada, john, lines=("description: Those who build",)), _group("staff", f"cn=engineers,{GROUPS}", bob),
        _group("everyone", f"cn=staff,{GROUPS}", lines=("description: All of us",)),
        # In each other.
        _group("red", ada, f"cn=blue,{GROUPS}"), _group("blue", f"cn=red,{GROUPS}"),
        # Two levels below ou=groups; the second holds a group that is one level below.
        _entry(inner, "objectClass: organizationalUnit", "ou: inner"), _group("near", carol), _group("far", carol, below=inner),
        _group("around", f"cn=near,{GROUPS}", below=inner), _group("beside", f"cn=near,{GROUPS}"),
        _unique_group("unique", carol, john), _unique_group("uniques", f"cn=unique,{GROUPS}"),
        _entry(f"cn=posix,{GROUPS}", "objectClass: posixGroup", "cn: posix", "gidNumber: 1000", "memberUid: ada"),
        *(_group(f"g{number:04}", f"uid=many,{PEOPLE}") for number in range(MANY)),
    ])


def _crowd() -> str:
    """A user in groups of two kinds."""
    kinds = "".join(
        _group(f"names{number:04}", f"uid=crowd,{PEOPLE}")
        + _entry(f"cn=posix{number:04},{GROUPS}", "objectClass: posixGroup", f"cn: posix{number:04}", f"gidNumber: {2000 + number}",
                 "memberUid: crowd")
        for number in range(CROWD))
    return _person("uid=crowd", "crowd", "cn: Crowd") + kinds


class Directory:
    """One server. `authority` signs the certificate that it shows over ldaps and StartTLS; `verify_client` is slapd's word for what it
    asks clients for, `anonymous` for what those who have not bound may do; with `crowded` there is a user in too many
    groups."""

    def __init__(
        self, folder: pathlib.Path, names: tuple[str, ...] = ("localhost", "127.0.0.1"), tls: bool = True,
        verify_client: str = "allow", anonymous: str = "auth", crowded: bool = False,
    ):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port, self.tls_port = free_ports(2)
        self.authority = Authority(folder)
        self.authority.issue("server", *names)
        (folder / "db").mkdir()
        (folder / "ad.schema").write_text(AD_SCHEMA)
        (folder / "slapd.conf").write_text(self._configuration(tls, verify_client, anonymous))
        (folder / "content.ldif").write_text(_content() + (_crowd() if crowded else ""))
        subprocess.run(
            ["/usr/sbin/slapadd", "-q", "-f", folder / "slapd.conf", "-l", folder / "content.ldif"], check=True,
            capture_output=True, timeout=60)
        self.program = Program(
            "slapd",
            ["/usr/sbin/slapd", "-d", "stats", "-f", folder / "slapd.conf", "-h",
             f"ldap://127.0.0.1:{self.port}" + (f" ldaps://127.0.0.1:{self.tls_port}" if tls else "")],
            folder)

    def _configuration(self, tls: bool, verify_client: str, anonymous: str) -> str:
        schemas = "".join(f"include /etc/ldap/schema/{name}.schema\n" for name in ("core", "cosine", "inetorgperson", "nis"))
        files = self.folder
        certificates = (
            f"TLSCACertificateFile {files}/ca.crt\nTLSCertificateFile {files}/server.crt\n"
            f"TLSCertificateKeyFile {files}/server.key\nTLSVerifyClient {verify_client}\n") if tls else ""
        return f"""{schemas}include {files}/ad.schema
pidfile {files}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
{certificates}
database mdb
suffix "{SUFFIX}"
rootdn "cn=admin,{SUFFIX}"
rootpw unused-{self.port}
directory {files}/db
index objectClass,uid,mail,member,memberUid eq
overlay memberof
memberof-group-oc groupOfNames
limits dn.exact="{SERVICE}" size.soft=300 size.hard=300 size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{SERVICE}" read by anonymous {anonymous} by * none
"""

    def start(self) -> None:
        self.program.start()
        self.program.wait_until(lambda: answers(self.port), "listening")

    def log(self) -> str:
        return self.program.text()
