# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# A user for each node, and none for strangers; sourced by ops/setup-eek.

# node_command COMMAND WORD...
node_command() { "$LAUNCHER" node "$@" --env "$ADMIN_ENV"; }

if [ -z "$DRY_RUN" ]; then known=$(node_command list --json); else known=$(node_command list --json 2>/dev/null) || known=; fi

# has_user NAME: one that may log in.
has_user() { grep -q "\"name\":\"$1\",\"enabled\":true" <<<"$known"; }

add_user() {
  if has_user "$1"; then
    # A run that was cut short has made it, and nobody has its password.
    [ -d "$ETC/nodes/$1" ] && [ ! -s "$ETC/nodes/$1/$1.password" ] || return 0
    [ -n "$DRY_RUN" ] || node_command remove "$1" >/dev/null
  fi
  changed "user $1, role $2; for the node: $ETC/nodes/$1"
  [ -n "$DRY_RUN" ] || node_command add "$1" --role "$2" --address "$name:$tls_port" --out "$ETC/nodes/$1" 2>/dev/null ||
    fail "user $1 could not be made: $LAUNCHER node add $1 --env $ADMIN_ENV"
}

IFS=, read -ra wanted <<<"$nodes"
for each in "${wanted[@]}"; do
  role=node
  [[ $each != *:* ]] || role=${each#*:}
  add_user "${each%%:*}" "$role"
done
[ -z "$server" ] || add_user eek-server server

# What nodes are given follows names, ports, authority and sentinels; their passwords stay.
for folder in "$ETC"/nodes/*/; do
  node=$(basename "$folder")
  [ -f "$folder/$node.env" ] || continue
  if [ -n "$ha" ]; then
    file 0600 root:root "$folder/$node.env" < <(ha_env "$folder/$node.env" "$ETC/sentinel.password")
    file_from "$HA/fleet.password" 0600 root:root "$folder/sentinel.password"
  else
    file 0600 root:root "$folder/$node.env" < <(sed "s,^REDIS_URL=.*,REDIS_URL=rediss://$name:$tls_port," "$folder/$node.env")
  fi
  file_from "$CA" 0600 root:root "$folder/ca.pem"
done

if [ -z "$DRY_RUN" ]; then
  updated=$(node_command update --json)
  grep -q '"updated":\[\]' <<<"$updated" || changed "rights: $updated"
fi
if [ -n "$legacy" ]; then
  default_hash=$([ -z "$known" ] || admin_cli ACL GETUSER default | grep -E '^[0-9a-f]{64}$' | head -1) || true
  wanted_hash=$(head -1 "$legacy" | tr -d '\r\n' | sha256sum | cut -d' ' -f1)
  if [ "$default_hash" != "$wanted_hash" ] || ! has_user default; then
    changed "user default, for nodes that know no users"
    [ -n "$DRY_RUN" ] || node_command add default --role python --given-password-file "$legacy" >/dev/null 2>&1 ||
      fail "user default could not be made: is the first line of $legacy printable ASCII?"
  fi
  [ -n "$DRY_RUN" ] || file 0600 root:root "$LEGACY_RULES" < <(admin_cli ACL LIST | sed -n 's/^user default //p')
elif has_user default || { [ -n "$known" ] && [ "$(admin_cli ACL DRYRUN default HSET key field value 2>&1)" != OK ]; }; then
  # As ops/redis/users.acl has it; see ops/eek/start-redis.
  changed "user default is off"
  if [ -z "$DRY_RUN" ]; then
    [ "$(admin_cli ACL SETUSER default reset off '~*' '&*' +@all)" = OK ] && [ "$(admin_cli ACL SAVE)" = OK ] ||
      fail "user default could not be turned off"
  fi
fi
if [ -n "$legacy" ]; then
  say "WARNING: nodes without users are let in, by a password that all of them share and that goes over the network in the clear, on"
  say "         port $legacy_port. They may write any document. When the last of them has moved, run this again without --legacy-python."
fi
