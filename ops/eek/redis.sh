# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# Configuration, administrator and start of Redis; sourced by ops/setup-eek.

CONF=$ETC/redis/redis.conf
USERS=$ETC/redis/users/users.acl

# try_out TEXT: starts a Redis of its own with this configuration, elsewhere, for a moment.
try_out() {
  local work status=0
  work=$(mktemp -d)
  printf '%s\n' "$1" >"$work/redis.conf"
  cp "$KEY" "$work/key.pem"
  printf 'user default on nopass ~* &* +@all\n' >"$work/users.acl"
  chown -R "$REDIS_USER": "$work"
  runuser -u "$REDIS_USER" -- "$REDIS_SERVER" "$work/redis.conf" --bind 127.0.0.1 --port 0 --tls-port $((20000 + $$ % 10000)) \
    --tls-key-file "$work/key.pem" --unixsocket "$work/socket" --aclfile "$work/users.acl" --dir "$work" >"$work/log" 2>&1 &
  local pid=$! end=$((SECONDS + 10))
  until [ "$("$REDIS_CLI" -s "$work/socket" PING 2>/dev/null)" = PONG ]; do
    if ! kill -0 $pid 2>/dev/null || [ $SECONDS -ge $end ]; then
      status=1
      break
    fi
    sleep 0.1
  done
  kill $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  [ $status -eq 0 ] || { cat "$work/log" >&2; rm -rf "$work"; fail "Redis does not start with this configuration; nothing was changed"; }
  rm -rf "$work"
}

plain_port=0
[ -z "$legacy" ] || plain_port=$legacy_port
for each in ${bind//,/ }; do
  ! command -v ip >/dev/null || ip -o addr | grep -qF " $each/" || fail "--bind: $each is no address of this machine (ip addr)"
done
if [ -n "$bind" ]; then addresses="127.0.0.1 -127.0.1.1 -::1 ${bind//,/ }"; else addresses='* -::*'; fi
conf=$(fill "$ROOT/ops/redis/redis.conf" "USERS=$USERS" "BIND=$addresses" "PLAIN_PORT=$plain_port" "TLS_PORT=$tls_port" \
  "TLS_CERT=$CERTIFICATE" "TLS_KEY=$KEY" "TLS_CA=$CA" "MAXMEMORY=$maxmemory" "DATA=$VAR/redis")
if [ -n "$ha" ]; then
  conf+=$'\n'$(fill "$ROOT/ops/redis/replica.conf" "NAME=$name" "TLS_PORT=$tls_port" \
    "REPLICA_PASSWORD=$(cat "$HA/replica.password" 2>/dev/null)")
fi
if [ -z "$DRY_RUN" ] && ! cmp -s "$CONF" <<<"$conf"; then try_out "$conf"; fi
RESTART=
before=
[ ! -f "$CONF" ] || before=$(cat "$CONF")
file 0640 root:"$REDIS_USER" "$CONF" <<<"$conf"
needed_by tatbot-redis.service
RUN_CONF=$CONF
[ -z "$ha" ] || ha_redis "$FILE_CHANGED"

if [ ! -f "$USERS" ] && [ -n "$joined" ]; then
  file 0600 "$REDIS_USER:$REDIS_USER" "$USERS" <<<"$([ -n "$DRY_RUN" ] || ha_users)"
  needed_by tatbot-redis.service
elif [ ! -f "$USERS" ]; then
  # Redis keeps this file from now on. It has hashes: 256 random bits need no slow one.
  [ -f "$ADMIN_PASSWORD" ] || file 0600 root:root "$ADMIN_PASSWORD" <<<"$(secret)"
  hash=0
  [ -n "$DRY_RUN" ] || hash=$(tr -d '\n' <"$ADMIN_PASSWORD" | sha256sum | cut -d' ' -f1)
  file 0600 "$REDIS_USER:$REDIS_USER" "$USERS" < <(fill "$ROOT/ops/redis/users.acl" "ADMIN_HASH=$hash")
  needed_by tatbot-redis.service
elif [ ! -f "$ADMIN_PASSWORD" ]; then
  fail "$USERS is there, but not $ADMIN_PASSWORD. If it is lost: move $USERS away and run this again; nodes then need new credentials"
fi
admin_env="REDIS_URL=rediss://$own_name:$tls_port
REDIS_USERNAME=admin
REDIS_PASSWORD_FILE=$ADMIN_PASSWORD
REDIS_TLS_CA_FILE=$CA
STATE_NODE_ID=admin"
[ -z "$ha" ] || admin_env=$(ha_env <(printf '%s\n' "$admin_env") "$HA/fleet.password")
file 0600 root:root "$ADMIN_ENV" <<<"$admin_env"

# Half as much again: what clients read and write, and the copy while the log is written anew.
megabytes=${maxmemory%[mg]b}
[[ $maxmemory != *gb ]] || megabytes=$((megabytes * 1024))
# While older nodes are let in, what the user default may do is kept here, and given to it whenever Redis has started.
LEGACY_RULES=$ETC/redis/legacy.rules
[ -n "$legacy" ] || [ -n "$DRY_RUN" ] || rm -f "$LEGACY_RULES"
for each in start-redis started-redis; do
  file_from "$ROOT/ops/eek/$each" 0755 root:root "$LIB/$each"
  needed_by tatbot-redis.service
done
start=("$LIB/start-redis" "$USERS" "$REDIS_SERVER" "$RUN_CONF")
unit tatbot-redis.service "START=${start[*]}" "STARTED=$LIB/started-redis $LEGACY_RULES" "DATA=$VAR/redis" "USERS_FOLDER=$(dirname "$USERS")" \
  "MEMORY_MAX=$((megabytes * 2 + 128))M"
needed_by tatbot-redis.service
for port in "$tls_port" ${legacy:+"$legacy_port"}; do
  ! is_foreign "$port" tatbot-redis.service || fail "port $port is taken by another program; stop that, or choose --tls-port, --legacy-port"
done
service tatbot-redis.service "$REDIS_USER" "${start[@]}"
if [ -z "$DRY_RUN" ]; then
  if ! (wait_for tatbot-redis.service 30 answers); then
    [ -n "$before" ] && [ "$before" != "$conf" ] || exit 1
    say "Putting the configuration of before back ..."
    file 0640 root:"$REDIS_USER" "$CONF" <<<"$before"
    [ -z "$ha" ] || ha_redis yes
    RESTART=yes
    service tatbot-redis.service "$REDIS_USER" "${start[@]}"
    fail "Redis did not start with the new configuration, and runs with that of before"
  fi
  redis_certificate
fi
