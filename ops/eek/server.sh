# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# The state server; sourced by ops/setup-eek.

SERVER_ENV=$ETC/server/server.env
TOKENS=$ETC/server/tokens
folder 0750 root:"$SERVER_USER" "$ETC/server"
sentinel_password=$ETC/server/sentinel.password
more=
server_env="REDIS_URL=rediss://$own_name:$tls_port
REDIS_USERNAME=eek-server
REDIS_TLS_CA_FILE=$CA
STATE_NODE_ID=eek-server"
if [ -n "$ha" ]; then
  server_env=$(ha_env <(printf '%s\n' "$server_env") "$sentinel_password")
  if [ -n "$systemd" ]; then
    server_env=$(grep -v '^REDIS_SENTINEL_PASSWORD_FILE=' <<<"$server_env")
    more="LoadCredential=sentinel-password:$HA/fleet.password
Environment=REDIS_SENTINEL_PASSWORD_FILE=%d/sentinel-password"
  fi
fi
RESTART=
file 0644 root:root "$SERVER_ENV" <<<"$server_env"
needed_by tatbot-state.service
password=$ETC/nodes/eek-server/eek-server.password
server_password=$ETC/server/eek-server.password
# hand_over FILE TO: systemd reads it where it is, and hands it over; without, the server has a copy.
hand_over() {
  [ -f "$1" ] && [ -z "$systemd" ] || return 0
  file_from "$1" 0640 root:"$SERVER_USER" "$2"
  needed_by tatbot-state.service
}
hand_over "$password" "$server_password"
[ -z "$ha" ] || hand_over "$HA/fleet.password" "$sentinel_password"
server_certificate
for scope in admin read; do
  if [ ! -s "$ETC/server-$scope.token" ]; then
    changed "$ETC/server-$scope.token: a token of the state server, scope $scope"
    if [ -z "$DRY_RUN" ]; then
      (
        umask 077
        "$LAUNCHER" token revoke "setup-$scope" --file "$TOKENS" >/dev/null 2>&1 || true
        "$LAUNCHER" token new "setup-$scope" --scope $scope --file "$TOKENS" >"$ETC/.server-$scope.token" 2>/dev/null &&
          mv -f "$ETC/.server-$scope.token" "$ETC/server-$scope.token"
      ) || fail "no token could be made: $LAUNCHER token new NAME --scope $scope --file $TOKENS"
    fi
  fi
done
own 0600 "$SERVER_USER:$SERVER_USER" "$TOKENS"
serve=(--host "$server_bind" --port "$server_port" --public-host "$name" --tokens "$TOKENS"
  --tls-cert "$ETC/server/server.pem" --tls-key "$ETC/server/server.key")
unit tatbot-state.service "LAUNCHER=$LAUNCHER" "SERVE_OPTIONS=${serve[*]}" "SERVER_ENV=$SERVER_ENV" \
  "SERVER_PASSWORD=$password" "MORE=$more"
needed_by tatbot-state.service
! is_foreign "$server_port" tatbot-state.service || fail "port $server_port is taken by another program; stop that, or choose --server-port"
# shellcheck disable=SC2016 # sh expands it, not this
service tatbot-state.service "$SERVER_USER" /bin/sh -c \
  'set -a; . "$1"; REDIS_PASSWORD_FILE=$2; shift 2; exec "$@"' sh "$SERVER_ENV" "$server_password" "$LAUNCHER" serve "${serve[@]}"

# server_answers PATH
server_answers() {
  printf 'GET %s HTTP/1.0\r\nHost: localhost:%s\r\n\r\n' "$1" "$server_port" |
    timeout 5 openssl s_client -quiet -verify_return_error -CAfile "$CA" -connect "localhost:$server_port" 2>/dev/null |
    head -1 | grep -q ' 200 '
}
[ -n "$DRY_RUN" ] || wait_for tatbot-state.service 60 server_answers /readyz
