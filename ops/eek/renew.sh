# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# A new certificate, if it is time, and whoever shows it told of it; sourced by ops/setup-eek --certificate-only.

[ -f "$ETC/setup.conf" ] || fail "this machine is not set up"
REDIS_CLI=$(command -v redis-cli || command -v valkey-cli) || fail "there is no redis-cli"
REDIS_SERVER=${REDIS_CLI%-cli}-server
step "Certificate"
. "$ROOT/ops/eek/certificate.sh"
if [ -z "$DRY_RUN" ]; then
  redis_certificate
  [ -z "$server" ] || server_certificate
  if [ -n "$ha" ]; then
    RESTART=
    sentinel_certificate
    [ -z "$RESTART" ] || service tatbot-sentinel.service "$REDIS_USER" "$REDIS_SERVER" "$SENTINEL_CONF" --sentinel
  fi
fi
summary
