"""Objects of the shape that `gatehouse manifests istio` writes, by hand."""
SPELLINGS = "[!-.^-`|~]"


def objects(mode: str, insertion: str, check: str, issuer: str) -> tuple[str, dict]:
    """(YAML, mesh configuration)."""
    parts = [VIRTUAL_SERVICE, HEADERS, ALLOW]
    mesh = {"pathNormalization": {"normalization": "DECODE_AND_MERGE_SLASHES"}}
    if insertion == "provider":
        parts.append(CUSTOM)
        mesh["extensionProviders"] = [{"name": "gatehouse", **(GRPC if check == "grpc" else HTTP)}]
    else:
        parts.append(FILTER_GRPC if check == "grpc" else FILTER_HTTP)
    if mode == "token":
        parts.append(TOKEN.replace("ISSUER", issuer))
    return "\n---\n".join(parts), mesh


GRPC = {"envoyExtAuthzGrpc": {
    "service": "gatehouse.gatehouse.svc.cluster.local", "port": 9002, "timeout": "10s", "statusOnError": "503"}}
SENT = [
    "accept", "accept-language", "authorization", "cookie", "content-type", "origin", "referer", "upgrade", "connection", "te",
    "user-agent", "x-request-id", "x-requested-with", "sec-fetch-*", "x-forwarded-*"]
UP = ["kubeflow-userid", "kubeflow-groups", "x-gatehouse-assertion", "cookie", "authorization"]
HTTP = {"envoyExtAuthzHttp": {
    "service": "gatehouse.gatehouse.svc.cluster.local", "port": 9001, "timeout": "10s", "statusOnError": "503", "pathPrefix": "/envoy",
    "includeRequestHeadersInCheck": SENT, "headersToUpstreamOnAllow": UP, "headersToDownstreamOnAllow": ["set-cookie"]}}
VIRTUAL_SERVICE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: gatehouse, namespace: gatehouse }
spec:
  gateways: [kubeflow/kubeflow-gateway]
  hosts: ["*"]
  http:
    - match:
        - { uri: { prefix: /_gatehouse/ } }
        - { uri: { prefix: /dex/ } }
        - { uri: { prefix: /oauth2/ } }
        - { uri: { prefix: /authservice/ } }
      route: [{ destination: { host: gatehouse.gatehouse.svc.cluster.local, port: { number: 9000 } } }]
"""
HEADERS = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: gatehouse-headers, namespace: istio-system }
spec:
  workloadSelector: { labels: { istio: ingressgateway } }
  configPatches:
    - applyTo: NETWORK_FILTER
      match:
        context: GATEWAY
        listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager } } }
      patch:
        operation: MERGE
        value:
          name: envoy.filters.network.http_connection_manager
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
            common_http_protocol_options: { headers_with_underscores_action: DROP_HEADER }
            early_header_mutation_extensions:
              - name: envoy.http.early_header_mutation.header_mutation
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation
                  mutations:
                    - { remove: kubeflow-userid }
                    - { remove: kubeflow-groups }
                    - { remove: x-gatehouse-assertion }
                    - { remove_on_match: { key_matcher: { safe_regex: { regex: "kubeflow[!-.^-`|~](userid|groups)" } } } }
                    - { remove_on_match: { key_matcher: { safe_regex: { regex: "x[!-.^-`|~]gatehouse[!-.^-`|~]assertion" } } } }
"""
CUSTOM = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: gatehouse, namespace: istio-system }
spec:
  action: CUSTOM
  selector: { matchLabels: { istio: ingressgateway } }
  provider: { name: gatehouse }
  rules: [{}]
"""
FILTER = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: gatehouse, namespace: istio-system }
spec:
  workloadSelector: { labels: { istio: ingressgateway } }
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: GATEWAY
        listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager } } }
      patch:
        operation: INSERT_FIRST
        value:
          name: envoy.filters.http.ext_authz
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
            transport_api_version: V3
            failure_mode_allow: false
            status_on_error: { code: 503 }
            validate_mutations: true
"""
FILTER_GRPC = FILTER + """
            encode_raw_headers: true
            grpc_service: { envoy_grpc: { cluster_name: outbound|9002||gatehouse.gatehouse.svc.cluster.local, authority: gatehouse.gatehouse.svc.cluster.local }, timeout: 10s }
"""
FILTER_HTTP = FILTER + """
            allowed_headers:
              patterns: [{ exact: accept }, { exact: cookie }, { exact: origin }, { exact: upgrade }, { exact: connection },
                { prefix: sec-fetch- }, { prefix: x-forwarded- }, { exact: content-type }, { exact: x-requested-with }, { exact: referer }]
            http_service:
              path_prefix: /envoy
              server_uri: { uri: http://x, cluster: outbound|9001||gatehouse.gatehouse.svc.cluster.local, timeout: 10s }
              authorization_response:
                allowed_upstream_headers:
                  patterns: [{ exact: kubeflow-userid }, { exact: kubeflow-groups }, { exact: x-gatehouse-assertion }, { exact: cookie }, { exact: authorization }]
                allowed_client_headers_on_success: { patterns: [{ exact: set-cookie }] }
"""
TOKEN = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: gatehouse, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: ingressgateway } }
  jwtRules:
    - issuer: ISSUER
      audiences: [kubeflow]
      jwksUri: http://gatehouse.gatehouse.svc.cluster.local:9000/_gatehouse/jwks
      fromHeaders: [{ name: x-gatehouse-assertion }]
      forwardOriginalToken: true
      outputClaimToHeaders:
        - { header: kubeflow-userid, claim: email }
        - { header: kubeflow-groups, claim: groups }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: gatehouse-require-assertion, namespace: istio-system }
spec:
  action: DENY
  selector: { matchLabels: { istio: ingressgateway } }
  rules:
    - from: [{ source: { notRequestPrincipals: ["*"] } }]
      to: [{ operation: { notPaths: [/_gatehouse/*, /dex/*, /oauth2/*, /authservice/*] } }]
"""
ALLOW = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: gatehouse, namespace: gatehouse }
spec:
  action: ALLOW
  selector: { matchLabels: { app.kubernetes.io/name: gatehouse } }
  rules:
    - from: [{ source: { principals: [cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account] } }]
    - to: [{ operation: { paths: [/_gatehouse/jwks], methods: [GET] } }]
"""
