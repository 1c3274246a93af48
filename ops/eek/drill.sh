#!/usr/bin/env bash
# What ops/drill-setup does within the new machine: sets it up, looks, breaks, sets up again, takes away.
set -euo pipefail
base_port=$1
systemd=${2:-}
tls_port=$base_port
server_port=$((base_port + 1))
legacy_port=$((base_port + 2))
log=/var/log/drill.log
state='{"node_id":"hog","timestamp":"2026-11-01T12:00:00+00:00","is_connected_l":true,"is_connected_r":true,"current_pose":"ready"}'
started=$SECONDS

ok() { printf 'ok  %3d s  %s\n' $((SECONDS - started)) "$*"; }
wrong() {
  printf 'WRONG  %s\n' "$*"
  tail -n 40 $log || true
  exit 1
}
# run TEXT COMMAND...: expects success
run() {
  local text=$1
  shift
  "$@" >$log 2>&1 || wrong "$text: exit code $?"
  ok "$text"
}
says() { grep -qF -- "$1" $log || wrong "it did not say: $1"; }
# answers_with TEXT COMMAND...: whatever its exit code
answers_with() {
  local text=$1 answer
  shift
  answer=$("$@" 2>&1) || true
  [[ $answer == *"$text"* ]] || { echo "it answered: $answer" >>$log; return 1; }
}
cli() {
  local user=$1
  shift
  REDISCLI_AUTH=$(cat "/etc/tatbot/nodes/$user/$user.password") redis-cli --tls --cacert /etc/tatbot/tls/ca.pem -h localhost \
    -p "$tls_port" --user "$user" --no-auth-warning "$@"
}
stranger() { redis-cli --tls --cacert /etc/tatbot/tls/ca.pem -h localhost -p "$tls_port" "$@" 2>&1; }
python() { (cd /src/state-client/src/test/resources/python && REDIS_HOST=127.0.0.1 REDIS_PORT=$legacy_port REDIS_PASSWORD=$(cat /root/legacy) python3 legacy_node.py "$@"); }

# redis_pid: of the process itself.
redis_pid() {
  if [ -n "$systemd" ]; then systemctl show --property MainPID --value tatbot-redis.service; else cat /run/tatbot/tatbot-redis.service.pid; fi
}
# until_true TEXT COMMAND...: within 30 s
until_true() {
  local text=$1 end=$((SECONDS + 30))
  shift
  until "$@" >>$log 2>&1; do
    [ $SECONDS -lt $end ] || wrong "$text"
    sleep 0.1
  done
}

options=(--jar /jar/tatbot-state.jar --tls-port "$tls_port" --server-port "$server_port" --legacy-port "$legacy_port")

run "dry run" /src/ops/setup-eek --nodes hog:robot,ook,rpi1 "${options[@]}" --dry-run
[ ! -e /etc/tatbot ] || wrong "the dry run made /etc/tatbot"
says "changes would be made; none was."

run "set up, from nothing but the base system" /src/ops/setup-eek --nodes hog:robot,ook,rpi1 "${options[@]}"
for node in hog ook rpi1 eek-server; do says "$node: doctor finds all well, and a whole session went through"; done
says "strangers: refused"
says "the state server is ready"
sed 's/^/            /' $log | tail -n 12

run "set up again" /src/ops/setup-eek
says "Nothing changed."
run "dry run again" /src/ops/setup-eek --dry-run
says "Nothing changed."

[ "$(stat -c %a /etc/tatbot/redis/users/users.acl /etc/tatbot/admin.password /etc/tatbot/nodes/hog/hog.password /etc/tatbot/server/tokens | sort -u)" = 600 ] ||
  wrong "a secret can be read by others"
! grep -rqsF "$(cat /etc/tatbot/nodes/hog/hog.password)" /var/log /etc/tatbot/redis /proc/[0-9]*/cmdline || wrong "a password is in a log or an argument"
ok "secrets are their owner's alone"

[ "$(cli hog HSET robot:state:hog state "$state" 2>&1)" = 1 ] || wrong "hog cannot write its own state"
answers_with NOPERM cli ook HSET robot:state:hog state "$state" || wrong "ook can write the state of hog"
answers_with NOPERM cli hog CONFIG GET maxmemory || wrong "hog can read the configuration"
answers_with NOAUTH stranger PING || wrong "a stranger is answered"
ok "hog writes its robot's state, ook cannot, and neither sees the configuration"

before=$(openssl x509 -in /etc/tatbot/tls/redis.pem -noout -serial)
pid=$(redis_pid)
cli hog SUBSCRIBE robot:events >/tmp/subscriber 2>&1 &
subscriber=$!
until grep -qs robot:events /tmp/subscriber; do kill -0 $subscriber || wrong "no subscription"; done
run "certificate renewed" /src/ops/setup-eek --renew-certificate
[ "$before" != "$(openssl x509 -in /etc/tatbot/tls/redis.pem -noout -serial)" ] || wrong "it is the old certificate"
served=$(openssl s_client -connect "localhost:$tls_port" </dev/null 2>/dev/null | openssl x509 -noout -serial)
[ "$served" = "$(openssl x509 -in /etc/tatbot/tls/redis.pem -noout -serial)" ] || wrong "Redis shows the old certificate"
[ "$pid" = "$(redis_pid)" ] || wrong "Redis was restarted"
kill -0 $subscriber || wrong "a connection was cut"
kill $subscriber
ok "and no connection was cut"

cp /etc/tatbot/nodes/hog/hog.password /root/old
run "password of hog rotated" tatbot-state node rotate hog --env /etc/tatbot/admin.env --out /etc/tatbot/nodes/hog
[ "$(cli hog PING)" = PONG ] || wrong "the new password is not good"
cp -p /etc/tatbot/nodes/hog/hog.password /root/new
cp /root/old /etc/tatbot/nodes/hog/hog.password
[ "$(cli hog PING)" = PONG ] || wrong "the old password is bad at once"
cp -p /root/new /etc/tatbot/nodes/hog/hog.password
run "rotation finished" tatbot-state node rotate hog --finish --env /etc/tatbot/admin.env
cp /root/old /etc/tatbot/nodes/hog/hog.password
answers_with WRONGPASS cli hog PING || wrong "the old password is still good"
cp -p /root/new /etc/tatbot/nodes/hog/hog.password
run "set up after that" /src/ops/setup-eek
says "hog: doctor finds"
says "Nothing changed."

install -m 600 /dev/null /var/backups/tatbot/tatbot-2026-01-01.backup
run "a backup" /usr/lib/tatbot/backup
[ "$(stat -c %a /var/backups/tatbot/*.backup | sort -u)" = 600 ] || wrong "there is no backup, or others may read it"
touch -d '16 days ago' /var/backups/tatbot/tatbot-2026-01-01.backup
run "another one on the same day" /usr/lib/tatbot/backup
[ "$(ls /var/backups/tatbot | wc -l)" = 1 ] || wrong "the one of more than 14 days is still there"

if [ -n "$systemd" ]; then
  for unit in tatbot-backup tatbot-certificate; do run "$unit.service runs" systemctl start $unit.service; done
  systemctl list-timers --all | grep -c tatbot | grep -qx 2 || wrong "there are not two timers"
  for turn in 1 2 3 4 5 6; do
    pid=$(redis_pid)
    kill -9 "$pid"
    until_true "Redis does not come back the ${turn}th time" sh -c "[ \$(systemctl show --property MainPID --value tatbot-redis.service) != $pid ]"
    until_true "Redis does not answer" answers_with PONG cli hog PING
  done
  ok "Redis killed six times: systemd starts it again each time"
  kill -STOP "$(systemctl show --property MainPID --value tatbot-state.service)"
  end=$((SECONDS + 120))
  until [ "$(systemctl show --property NRestarts --value tatbot-state.service)" -gt 0 ]; do
    [ $SECONDS -lt $end ] || wrong "nobody notices that the server is frozen"
    sleep 0.5
  done
  until_true "the server does not come back" systemctl is-active --quiet tatbot-state.service
  ok "server frozen: the watchdog starts it again"
  run "set up again" /src/ops/setup-eek
else
  kill -9 "$(redis_pid)"
  run "Redis killed, set up again" /src/ops/setup-eek
  says "tatbot-redis.service started"
fi
[ "$(cli ook HGET robot:state:hog state)" = "$state" ] || wrong "data is gone"
ok "data and users are there"

# shellcheck disable=SC2016 # as it stands
(umask 077 && printf '%s\n' 'old! "password"/of $all' >/root/legacy)
run "with --legacy-python" /src/ops/setup-eek --legacy-python /root/legacy
says "WARNING"
apt-get install -y --no-install-recommends python3-redis >$log 2>&1 || wrong "no python3-redis"
run "an older node writes" python write oop stroke_oop_1755547777
run "it publishes" python publish oop stroke_oop_1755547777
run "it finds documents" python scan
if [ -n "$systemd" ]; then
  kill -9 "$(redis_pid)"
  until_true "older nodes are not let in after a restart" python scan
  ok "Redis killed: older nodes are let in again"
fi
run "set up again with it" /src/ops/setup-eek --legacy-python /root/legacy
says "Nothing changed."
run "without it again" /src/ops/setup-eek
! python write oop stroke_oop_1755547777 >$log 2>&1 || wrong "the older node still gets in"
ok "the older node is refused"

run "uninstalled" /src/ops/setup-eek --uninstall
[ ! -e /usr/bin/tatbot-state ] || wrong "the program is still there"
[ -f /etc/tatbot/admin.password ] || wrong "credentials are gone"
[ -z "$systemd" ] || ! systemctl list-units --all 'tatbot-*' | grep -q tatbot- || wrong "there are units left"
! for process in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$process" 2>/dev/null || true; done | grep -qE '^[^ ]*(redis-server|java) ' || wrong "something still runs"
run "set up after that" /src/ops/setup-eek --nodes hog:robot,ook,rpi1 "${options[@]}"
[ "$(cli ook HGET robot:state:hog state)" = "$state" ] || wrong "data is gone"
ok "data and credentials are those of before"
run "purged" /src/ops/setup-eek --uninstall --purge
for path in /etc/tatbot /var/lib/tatbot /usr/lib/tatbot /usr/bin/tatbot-state; do [ ! -e $path ] || wrong "$path is still there"; done
ok "all passed"
