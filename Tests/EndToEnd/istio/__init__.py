"""The Envoy configuration that Istio programs a gateway or a sidecar with, made of Istio's objects by what pilot is known to do.

What was read in Istio's source (pilot) and is kept here, each beside the code that does it:

- order of the HTTP filters: CUSTOM policies (an RBAC filter whose rules only leave metadata, then ext_authz, switched on by that
  metadata), jwt_authn, RBAC for DENY, RBAC for ALLOW, router; EnvoyFilters are applied to the finished listener, NETWORK_FILTER
  before HTTP_FILTER, and an INSERT_BEFORE whose filter is not there inserts nothing;
- names of clusters, policies and providers, and where each filter leaves its metadata and looks for that of the others;
- path matchers, header matchers, request principals, sources by mTLS identity;
- defaults: 600 s for a check, 5 s for keys, a token that is missing passes and a bad one gets 401, `DEFAULT` is BASE normalisation.

Left out is what cannot change who reaches what: telemetry, statistics, ALPN, fault, CORS and gRPC-Web filters (all after the RBAC
filters). What an object says and this package does not know is an error.
"""
