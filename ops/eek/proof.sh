# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# Proves that it works, by each node's own credentials, and that strangers stay out; sourced by ops/setup-eek.

proved() { printf '  %s\n' "$*"; }

# as_node NAME WORD...: runs the program as that node would, with the files that it is given.
as_node() {
  local node=$1 env
  shift
  env=$(mktemp)
  sed "s,=$ETC/,=$ETC/nodes/$node/," "$ETC/nodes/$node/$node.env" >"$env"
  [ -n "$ha" ] || sed -i "s,^REDIS_URL=.*,REDIS_URL=rediss://$own_name:$tls_port," "$env"
  local status=0
  "$LAUNCHER" "$@" --env "$env" || status=$?
  rm -f "$env"
  return $status
}

if [ -n "$DRY_RUN" ]; then
  proved "would be tried: each node's session, strangers, one node's rights over another's"
else
  alone=
  [ -n "$joined" ] || known=$(node_command list --json)
  if [ -n "$joined" ]; then
    in_step() { admin_cli INFO replication | grep -qE '^(master_link_status:up|role:master)'; }
    wait_for tatbot-redis.service 60 in_step
    proved "this Redis has what the primary has: $(primary | tr ' ' :)"
  fi
  if [ -n "$ha" ] && ! quorum; then
    alone=yes
    proved "not tried yet, for nobody could take over: set up the other machines, then run this again on $first"
  fi
  for folder in "$ETC"/nodes/*/; do
    [ -z "$alone" ] && [ -d "$folder" ] || continue
    node=$(basename "$folder")
    if ! grep -q "\"name\":\"$node\",\"enabled\":true" <<<"$known"; then
      proved "$node: there is no such user any more; $folder can go"
      continue
    fi
    report=$(as_node "$node" doctor --deep 2>&1) || { say "$report"; fail "doctor, run with $node's credentials, finds something wrong: see its lines above"; }
    proved "$node: doctor finds $(grep -q '^  WARN' <<<"$report" && echo "nothing wrong" || echo "all well"), and a whole session went through"
    grep '^  WARN' <<<"$report" | sed 's/^/  /' || true
  done
  stranger=$("$REDIS_CLI" --tls --cacert "$CA" -h localhost -p "$tls_port" PING 2>&1) || true
  case $stranger in
    NOAUTH*) proved "strangers: refused" ;;
    *) fail "a stranger who knows no password is answered: $stranger" ;;
  esac
  [ -z "$server" ] || proved "the state server is ready: https://$name:$server_port/"
fi
step ""
if [ -n "$FINGERPRINT" ]; then step "Authority of the fleet, SHA-256: $FINGERPRINT"; fi
if [ -n "$ha" ] && [ -z "$joined" ]; then
  step "For each of the other machines of $ha: copy $HA to it, readable by root only; there: ops/setup-eek --join FOLDER"
fi
[ -n "$joined" ] || step "For each node: copy what is in $ETC/nodes/NAME to /etc/tatbot there, readable by its owner only."
[ -z "$server" ] || step "For the page and its API: the tokens in $ETC/server-read.token and $ETC/server-admin.token."
