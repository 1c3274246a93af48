# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# One of three machines, of which any may be the primary; sourced by ops/setup-eek with --ha or --join, in parts: ha_join takes in the
# folder of the first machine, ha_redis says which configuration Redis runs with, ha_sentinel starts the sentinel.

HA=$ETC/ha
HA_SECRETS="replica sentinel fleet"
SENTINEL_CONF=$VAR/sentinel/sentinel.conf
SENTINEL_TEMPLATE=$ETC/redis/sentinel.template

ha_hosts() { tr ',' ' ' <<<"$ha"; }
sentinel_url() { printf 'rediss-sentinel://%s/0#tatbot' "$(ha_hosts | sed "s/ /:$sentinel_port,/g; s/\$/:$sentinel_port/")"; }

# asking HOST WORD...: asks the sentinel there.
asking() {
  local host=$1
  shift
  REDISCLI_AUTH=$(cat "$HA/fleet.password") timeout 3 "$REDIS_CLI" --tls --cacert "$CA" -h "$host" -p "$sentinel_port" --user fleet \
    --no-auth-warning "$@" 2>/dev/null
}
sentinel_answers() { [ "$(asking localhost PING)" = PONG ]; }
quorum() { [[ $(asking localhost SENTINEL CKQUORUM tatbot) == OK* ]]; }

# primary: HOST PORT, as the sentinels have it; the first machine where none of them knows it yet.
primary() {
  local host answer
  for host in $(ha_hosts); do
    answer=$(asking "$host" SENTINEL GET-MASTER-ADDR-BY-NAME tatbot | paste -sd' ') || true
    if [[ $answer =~ ^[A-Za-z0-9.:-]+\ [0-9]+$ ]]; then
      printf '%s' "$answer"
      return
    fi
  done
  printf '%s %s' "$first" "$tls_port"
}

# Takes in what the first machine has handed over.
ha_join() {
  local secret
  [ -f "$join/ha.conf" ] || fail "--join: $join has no ha.conf; copy /etc/tatbot/ha of the first machine there"
  . "$join/ha.conf"
  joined=yes
  server=
  nodes=
  [[ ,$ha, == *,$name,* ]] || fail "this machine is $name, and none of $ha. Say which it is: --name HOST"
  [ "$name" != "$first" ] || fail "$name is the first machine; --join is for the others"
  folder 0700 root:root "$HA"
  for secret in $HA_SECRETS admin; do
    [ -s "$join/$secret.password" ] || fail "--join: $join has no $secret.password; copy the whole folder"
    file_from "$join/$secret.password" 0600 root:root "$([ "$secret" = admin ] && echo "$ETC/admin.password" || echo "$HA/$secret.password")"
  done
  file_from "$join/ca.pem" 0644 root:root "$ETC/tls/ca.pem"
  if [ -f "$join/ca.key" ]; then
    file_from "$join/ca.key" 0600 root:root "$ETC/tls/ca.key"
  elif [ -z "$tls_cert" ] && [ ! -f "$ETC/tls/redis.pem" ]; then
    fail "the first machine's certificate was brought along: bring one for this machine, too: --tls-cert FILE --tls-key FILE --tls-ca FILE"
  fi
}

# What there must be before Redis starts.
ha_secrets() {
  local secret
  folder 0700 root:root "$HA"
  for secret in $HA_SECRETS; do
    [ -f "$HA/$secret.password" ] || file 0600 root:root "$HA/$secret.password" <<<"$(secret)"
  done
}

ha_names() {
  local host
  for host in $(ha_hosts); do
    getent hosts "$host" >/dev/null || fail "this machine does not know the name $host: put it into DNS or /etc/hosts, on all of them"
  done
}

# ha_redis CHANGED: the file that Redis runs with, RUN_CONF. Redis writes it when the sentinels tell it what it is; begun anew when the
# configuration has changed, with what it is now.
ha_redis() {
  RUN_CONF=$VAR/redis/redis.conf
  local role=
  if [ ! -f "$RUN_CONF" ]; then
    [ -z "$joined" ] || [ -n "$DRY_RUN" ] || role="replicaof $(primary)"
  elif [ -n "$1" ]; then
    role=$(grep -E '^replicaof ' "$RUN_CONF" | tail -1) || true
  else
    return 0
  fi
  file 0600 "$REDIS_USER:$REDIS_USER" "$RUN_CONF" <<<"include $CONF${role:+
$role}"
}

# The users of the fleet, as the primary has them.
ha_users() {
  local from list
  from=$(primary)
  list=$(REDISCLI_AUTH=$(cat "$ADMIN_PASSWORD") timeout 10 "$REDIS_CLI" --tls --cacert "$CA" -h "${from% *}" -p "${from#* }" --user admin \
    --no-auth-warning ACL LIST 2>&1) || true
  grep -q '^user admin on ' <<<"$list" || fail "the primary, ${from% *}:${from#* }, does not hand over its users: ${list:-no answer}"
  printf '%s\n' "$list"
}

# ha_user NAME RULE...: a user of Redis for its peers.
ha_user() {
  local user=$1 hash
  shift
  hash=$(tr -d '\n' <"$HA/$user.password" | sha256sum | cut -d' ' -f1)
  if [ "$(admin_cli ACL DRYRUN "$user" PING 2>&1)" != OK ] || ! admin_cli ACL GETUSER "$user" | grep -qx "$hash"; then
    changed "user $user of Redis"
    [ "$(admin_cli ACL SETUSER "$user" reset on "#$hash" "$@")" = OK ] && [ "$(admin_cli ACL SAVE)" = OK ] ||
      fail "user $user could not be made"
  fi
}

ha_sentinel() {
  local conf
  if [ -z "$DRY_RUN" ]; then
    ha_user replica +psync +replconf +ping
    ha_user sentinel allchannels +multi +slaveof +ping +exec +subscribe +config\|rewrite +role +publish +info +client\|setname \
      +client\|kill +script\|kill
  fi
  folder 0700 "$REDIS_USER:$REDIS_USER" "$VAR/sentinel"
  conf=$(fill "$ROOT/ops/redis/sentinel.conf" "SENTINEL_PORT=$sentinel_port" "BIND=$addresses" "TLS_CERT=$CERTIFICATE" "TLS_KEY=$KEY" \
    "TLS_CA=$CA" "DATA=$VAR/sentinel" "NAME=$name" "PRIMARY=%primary%" "SENTINEL_PASSWORD=$(cat "$HA/sentinel.password" 2>/dev/null)" \
    "SENTINEL_HASH=$(hash_of sentinel)" "FLEET_HASH=$(hash_of fleet)")
  RESTART=
  file 0600 root:root "$SENTINEL_TEMPLATE" <<<"$conf"
  needed_by tatbot-sentinel.service
  if [ -n "$FILE_CHANGED" ] || [ ! -f "$SENTINEL_CONF" ]; then
    RESTART=yes
    [ -n "$DRY_RUN" ] || file 0600 "$REDIS_USER:$REDIS_USER" "$SENTINEL_CONF" <<<"${conf//%primary%/$(primary)}"
  fi
  unit tatbot-sentinel.service "REDIS_SERVER=$REDIS_SERVER" "CONF=$SENTINEL_CONF" "DATA=$VAR/sentinel"
  needed_by tatbot-sentinel.service
  sentinel_certificate
  ! is_foreign "$sentinel_port" tatbot-sentinel.service ||
    fail "port $sentinel_port is taken by another program; stop that, or choose --sentinel-port, the same on all machines"
  service tatbot-sentinel.service "$REDIS_USER" "$REDIS_SERVER" "$SENTINEL_CONF" --sentinel
  [ -n "$DRY_RUN" ] || wait_for tatbot-sentinel.service 30 sentinel_answers
}

# A sentinel takes a new certificate only when it starts; nobody notices, for the others are there.
sentinel_certificate() {
  if [ -z "$DRY_RUN" ] && sentinel_answers && ! is_served "$sentinel_port"; then RESTART=yes; fi
}

hash_of() { tr -d '\n' <"$HA/$1.password" 2>/dev/null | sha256sum | cut -d' ' -f1; }

# What the others need, in the folder that is handed to them.
ha_bundle() {
  file 0600 root:root "$HA/ha.conf" < <(for option in ha first tls_port sentinel_port maxmemory; do printf '%s=%q\n' "$option" "${!option}"; done)
  [ -n "$DRY_RUN" ] || {
    file_from "$CA" 0644 root:root "$HA/ca.pem"
    [ ! -f "$CA_KEY" ] || file_from "$CA_KEY" 0600 root:root "$HA/ca.key"
    file_from "$ADMIN_PASSWORD" 0600 root:root "$HA/admin.password"
  }
}

# ha_env FILE PASSWORD_FILE: settings with the sentinels in place of one Redis.
ha_env() {
  sed -e "s|^REDIS_URL=.*|REDIS_URL=$(sentinel_url)|" -e '/^REDIS_SENTINEL_/d' "$1"
  printf 'REDIS_SENTINEL_USERNAME=fleet\nREDIS_SENTINEL_PASSWORD_FILE=%s\n' "$2"
}
