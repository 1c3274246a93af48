# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# The certificate of this machine, for Redis and the state server; sourced by ops/setup-eek.
# One that was brought along is taken as it is. Else an authority is made here, once, good for ten years: nodes trust that, so a
# certificate can be renewed without their notice.

CA=$ETC/tls/ca.pem
CA_KEY=$ETC/tls/ca.key
CERTIFICATE=$ETC/tls/redis.pem
KEY=$ETC/tls/redis.key

# alternative_names: every name and address by which this machine may be asked for, a line each; those that are its own for good first.
alternative_names() {
  printf 'DNS:%s\n' "$name" localhost "$(uname -n)" "$(uname -n | cut -d. -f1).local"
  printf 'IP:%s\n' 127.0.0.1 ::1
  tr ',' '\n' <<<"$bind" | grep -F . | sed 's/^/IP:/' || true
  [ "${1:-}" = certain ] || hostname -I 2>/dev/null | tr ' ' '\n' | grep -E '[.:]' | grep -v '^fe80' | sed 's/^/IP:/' || true
}

install_certificate() {
  file_from "$1" 0644 root:root "$CERTIFICATE"
  file_from "$2" 0640 root:"$REDIS_USER" "$KEY"
}

# same_key CERTIFICATE KEY
same_key() { [ "$(openssl x509 -in "$1" -noout -pubkey)" = "$(openssl pkey -in "$2" -pubout)" ]; }

make_authority() {
  changed "$CA: an authority for this fleet"
  [ -z "$DRY_RUN" ] || return 0
  (
    umask 077
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$CA_KEY" 2>/dev/null
    openssl req -x509 -new -key "$CA_KEY" -sha256 -days 3650 -subj "/O=tatbot/CN=Fleet of $name" \
      -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' -out "$CA"
  )
  chmod 0644 "$CA"
}

make_certificate() {
  changed "$CERTIFICATE: $1"
  [ -z "$DRY_RUN" ] || return 0
  local work
  work=$(mktemp -d)
  chmod 700 "$work"
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/key.pem" 2>/dev/null
  openssl req -new -key "$work/key.pem" -subj "/O=tatbot/CN=$name" -out "$work/request.pem"
  printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
    'extendedKeyUsage=serverAuth,clientAuth' "subjectAltName=$(alternative_names | sort -u | paste -sd, -)" >"$work/extensions"
  openssl x509 -req -in "$work/request.pem" -CA "$CA" -CAkey "$CA_KEY" -set_serial "0x$(openssl rand -hex 16)" -sha256 \
    -days 397 -extfile "$work/extensions" -out "$work/certificate.pem" 2>/dev/null
  install_certificate "$work/certificate.pem" "$work/key.pem"
  rm -rf "$work"
}

# wrong: why there must be a new certificate; nothing if there need not be.
wrong() {
  local names missing
  if [ ! -f "$CERTIFICATE" ] || [ ! -f "$KEY" ]; then
    echo "for ${name}, for 397 days"
  elif ! same_key "$CERTIFICATE" "$KEY"; then
    echo "made anew, for it is not that of its key"
  elif [ -n "$renew" ]; then
    echo "renewed"
  elif ! openssl x509 -in "$CERTIFICATE" -noout -checkend $((30 * 86400)) >/dev/null; then
    echo "renewed in its last 30 days"
  else
    # Addresses come and go, and do not count.
    names=$(openssl x509 -in "$CERTIFICATE" -noout -ext subjectAltName | tail -n +2 |
      sed 's/IP Address:0:0:0:0:0:0:0:1/IP:::1/; s/IP Address:/IP:/g; s/ //g' | tr ',' '\n' | sort -u)
    missing=$(comm -23 <(alternative_names certain | sort -u) <(printf '%s\n' "$names") | paste -sd' ' -)
    [ -z "$missing" ] || echo "renewed, for these names were not in it: $missing"
  fi
}

# is_served PORT: the certificate that is shown there is the one in the file.
is_served() {
  [ "$(openssl s_client -connect "localhost:$1" </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null)" = \
    "$(openssl x509 -in "$CERTIFICATE" -noout -serial)" ]
}

# redis_certificate: has the running Redis use the one in the file, if it does not.
redis_certificate() {
  if ! is_served "$tls_port"; then
    [ "$(admin_cli CONFIG SET tls-cert-file "$CERTIFICATE" tls-key-file "$KEY" tls-ca-cert-file "$CA")" = OK ] ||
      fail "Redis does not take the new certificate: it still uses the old one"
    changed "Redis uses the new certificate; no connection was cut"
  fi
}

# server_certificate: copies for the state server, which looks at them every few seconds.
server_certificate() {
  if [ -f "$KEY" ]; then
    file_from "$CERTIFICATE" 0644 root:root "$ETC/server/server.pem"
    file_from "$KEY" 0640 root:"$SERVER_USER" "$ETC/server/server.key"
  fi
}

if [ -n "$tls_cert" ]; then
  same_key "$tls_cert" "$tls_key" || fail "--tls-key $tls_key is not the key of --tls-cert $tls_cert"
  grep -q 'BEGIN PRIVATE KEY' "$tls_key" ||
    fail "--tls-key must be PKCS #8 without a password:  openssl pkcs8 -topk8 -nocrypt -in $tls_key -out new.key"
  openssl verify -CAfile "$tls_ca" -untrusted "$tls_cert" "$tls_cert" >/dev/null 2>&1 ||
    fail "--tls-cert $tls_cert is not of the authority $tls_ca"
  [[ $(openssl x509 -in "$tls_cert" -noout -checkhost "$name") == *"does match"* ]] ||
    fail "--tls-cert $tls_cert is not for $name, by which nodes reach this machine: choose --name, or another certificate"
  if [ -f "$CA_KEY" ]; then
    changed "$CA_KEY.old: the key of the authority that was made here, not needed any more"
    [ -n "$DRY_RUN" ] || mv -f "$CA_KEY" "$CA_KEY.old"
  fi
  file_from "$tls_ca" 0644 root:root "$CA"
  install_certificate "$tls_cert" "$tls_key"
elif [ -f "$CA" ] && [ ! -f "$CA_KEY" ]; then
  # It was brought along at an earlier time, and is its owner's to renew.
  [ -z "$renew" ] || fail "this certificate was brought along; bring the new one: --tls-cert FILE --tls-key FILE --tls-ca FILE"
else
  [ -f "$CA_KEY" ] || make_authority
  why=$(wrong)
  [ -z "$why" ] || make_certificate "$why"
fi
[ ! -f "$KEY" ] || own 0640 root:"$REDIS_USER" "$KEY"
[ ! -f "$CA_KEY" ] || own 0600 root:root "$CA_KEY"
# One that was made here is for localhost, too.
own_name=localhost
[ -f "$CA_KEY" ] || [ -n "$DRY_RUN" ] || own_name=$name
FINGERPRINT=
[ ! -f "$CA" ] || FINGERPRINT=$(openssl x509 -in "$CA" -noout -fingerprint -sha256 | cut -d= -f2)
