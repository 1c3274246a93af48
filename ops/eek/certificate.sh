# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# The certificate of this machine, for Redis and the state server; sourced by ops/setup-eek. Sets CERTIFICATE_CHANGED.
# One that was brought along is taken as it is. Else an authority is made here, once, good for ten years: nodes trust that, so a
# certificate can be renewed without their notice.

CA=$ETC/tls/ca.pem
CA_KEY=$ETC/tls/ca.key
CERTIFICATE=$ETC/tls/redis.pem
KEY=$ETC/tls/redis.key
CERTIFICATE_CHANGED=

# alternative_names: every name and address by which this machine may be asked for.
alternative_names() {
  {
    printf 'DNS:%s\n' "$name" localhost "$(uname -n)"
    printf 'IP:%s\n' 127.0.0.1 ::1
    hostname -I 2>/dev/null | tr ' ' '\n' | grep -E '^[0-9.]+$' | sed 's/^/IP:/'
  } | sort -u | paste -sd, -
}

install_certificate() {
  file_from "$1" 0644 root:root "$CERTIFICATE"
  CERTIFICATE_CHANGED=$FILE_CHANGED
  file_from "$2" 0640 root:"$REDIS_USER" "$KEY"
  CERTIFICATE_CHANGED=$CERTIFICATE_CHANGED$FILE_CHANGED
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
    'extendedKeyUsage=serverAuth,clientAuth' "subjectAltName=$(alternative_names)" >"$work/extensions"
  openssl x509 -req -in "$work/request.pem" -CA "$CA" -CAkey "$CA_KEY" -set_serial "0x$(openssl rand -hex 16)" -sha256 \
    -days 397 -extfile "$work/extensions" -out "$work/certificate.pem" 2>/dev/null
  install_certificate "$work/certificate.pem" "$work/key.pem"
  rm -rf "$work"
}

# wrong: why there must be a new certificate; nothing if there need not be.
wrong() {
  local names
  if [ ! -f "$CERTIFICATE" ] || [ ! -f "$KEY" ]; then
    echo "for ${name}, for 397 days"
  elif [ -n "$renew" ]; then
    echo "renewed"
  elif ! openssl x509 -in "$CERTIFICATE" -noout -checkend $((30 * 86400)) >/dev/null; then
    echo "renewed in its last 30 days"
  else
    names=$(openssl x509 -in "$CERTIFICATE" -noout -ext subjectAltName | tail -n +2 |
      sed 's/IP Address:0:0:0:0:0:0:0:1/IP:::1/; s/IP Address:/IP:/g; s/ //g' | tr ',' '\n' | sort -u | paste -sd, -)
    [ "$names" = "$(alternative_names)" ] || echo "renewed, for this machine's names have changed"
  fi
}

if [ -n "$tls_cert" ]; then
  same_key "$tls_cert" "$tls_key" || fail "--tls-key $tls_key is not the key of --tls-cert $tls_cert"
  grep -q 'BEGIN PRIVATE KEY' "$tls_key" ||
    fail "--tls-key must be PKCS #8 without a password:  openssl pkcs8 -topk8 -nocrypt -in $tls_key -out new.key"
  openssl verify -CAfile "$tls_ca" "$tls_cert" >/dev/null 2>&1 || fail "--tls-cert $tls_cert is not of the authority $tls_ca"
  rm -f "$CA_KEY"
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
FINGERPRINT=
[ ! -f "$CA" ] || FINGERPRINT=$(openssl x509 -in "$CA" -noout -fingerprint -sha256 | cut -d= -f2)
