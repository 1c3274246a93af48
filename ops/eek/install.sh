# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# What ops/setup-eek does to a machine, one small step at a time; each says what it has changed, and none changes what is right.
# Sourced. Expects ROOT, and lib/setup.sh.

DRY_RUN=${DRY_RUN:-}
CHANGES=0

step() { printf '%s\n' "$*"; }

# changed TEXT: counts and tells a change, or what would be one.
changed() {
  CHANGES=$((CHANGES + 1))
  printf '  %s%s\n' "${DRY_RUN:+to do: }" "$*"
}

summary() {
  if [ "$CHANGES" -eq 0 ]; then
    step "Nothing changed."
  elif [ -n "$DRY_RUN" ]; then
    step "$CHANGES changes would be made; none was."
  else
    step "$CHANGES changes."
  fi
}

# install_packages PACKAGE...: those that are missing, without starting what they bring along.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  changed "installed: ${missing[*]}"
  [ -z "$DRY_RUN" ] || return 0
  local policy=/usr/sbin/policy-rc.d status=0 unit
  # One of ours may be left from a run that was killed.
  if [ ! -e $policy ] || grep -q 'ops/setup-eek' $policy; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\n# While ops/setup-eek installs packages, for they would start what they bring along.\nexit 101\n' >$policy
    chmod 755 $policy
  fi
  (need_packages "${missing[@]}") || status=$?
  if grep -qs 'ops/setup-eek' $policy; then
    rm -f $policy
    trap - EXIT
  fi
  [ $status -eq 0 ] || return $status
  # Else the distribution's own would be there with the next boot, without a password.
  for unit in redis-server valkey-server; do
    if [ -n "$systemd" ] && [[ " ${missing[*]} " == *" $unit "* ]]; then
      systemctl disable --now --quiet "$unit.service"
      changed "$unit.service of the distribution is off"
    fi
  done
}

need_program() { command -v "$1" >/dev/null || install_packages "$2"; }

# candidate PACKAGE: the version that would be installed; nothing if there is none.
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '(none)' || true; }

package_lists() {
  [ -n "${LISTS_READ:-}" ] && return
  LISTS_READ=yes
  apt-get update >/dev/null 2>&1 || say "apt-get update failed; going on with the package lists that are there"
}

# The Redis, or Valkey, of the distribution: REDIS_SERVER, REDIS_CLI.
redis_package() {
  REDIS_SERVER=$(command -v redis-server || command -v valkey-server || true)
  if [ -z "$REDIS_SERVER" ]; then
    package_lists
    local version package=
    version=$(candidate redis-server)
    if [ -n "$version" ] && dpkg --compare-versions "$version" ge 5:7.0; then
      package=redis-server
    elif [ -n "$(candidate valkey-server)" ]; then
      package=valkey-server
    else
      fail "this distribution has Redis ${version:-nowhere}; users with rights of their own need 7.0 or later, or Valkey. Debian 12," \
        "Ubuntu 24.04, Raspberry Pi OS of 2023 and later have it. Or install a newer redis-server from elsewhere, and run this again"
    fi
    install_packages $package
    REDIS_SERVER=$(command -v redis-server || command -v valkey-server || echo /usr/bin/${package})
  fi
  REDIS_CLI=${REDIS_SERVER%-server}-cli
  [ -z "$DRY_RUN" ] || return 0
  local version
  version=$("$REDIS_SERVER" --version | sed -n 's/.*v=\([0-9.]*\).*/\1/p')
  dpkg --compare-versions "$version" ge 7.0 ||
    fail "$REDIS_SERVER is version $version; users with rights of their own need 7.0 or later, or Valkey"
}

# java_package_name KIND: package of the oldest Java that will do.
java_package_name() {
  local release
  package_lists
  if [ -n "$java_package" ]; then
    printf '%s' "${java_package/-jre-headless/-$1}"
    return
  fi
  for release in 17 21 25; do
    if [ -n "$(candidate "openjdk-$release-$1")" ]; then
      printf 'openjdk-%s-%s' "$release" "$1"
      return
    fi
  done
  fail "this distribution has no Java from 17 on. Name its package: --java-package NAME"
}

java_runtime() {
  local version
  version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1) || true
  [ "${version:-0}" -ge 17 ] || install_packages "$(java_package_name jre-headless)"
}

# system_user NAME HOME
system_user() {
  getent passwd "$1" >/dev/null && return
  changed "user $1"
  [ -n "$DRY_RUN" ] || useradd --system --user-group --home-dir "$2" --no-create-home --shell /usr/sbin/nologin "$1"
}

# folder MODE OWNER PATH...
folder() {
  local mode=$1 owner=$2 path
  shift 2
  for path in "$@"; do
    if [ ! -d "$path" ]; then
      changed "folder $path"
      [ -n "$DRY_RUN" ] || install -d -m "$mode" -o "${owner%:*}" -g "${owner#*:}" "$path"
    fi
    own "$mode" "$owner" "$path"
  done
}

# own MODE OWNER PATH
own() {
  [ -e "$3" ] || return 0
  if [ "$(stat -c '%a %U:%G' "$3")" != "${1#0} $2" ]; then
    changed "owner and mode of $3: $2, $1"
    [ -n "$DRY_RUN" ] || { chown -h "$2" "$3" && chmod "$1" "$3"; }
  fi
}

# file MODE OWNER PATH <CONTENT: replaces the file as a whole. True in FILE_CHANGED if it was another.
file() {
  local new
  FILE_CHANGED=
  if [ -n "$DRY_RUN" ]; then
    new=$(mktemp)
  else
    new=$(mktemp "$(dirname "$3")/.new.XXXXXX")
  fi
  cat >"$new"
  if [ -f "$3" ] && cmp -s "$new" "$3"; then
    rm -f "$new"
  else
    FILE_CHANGED=yes
    changed "$3"
    if [ -n "$DRY_RUN" ]; then
      rm -f "$new"
    else
      chown -h "$2" "$new" && chmod "$1" "$new" && mv -fT "$new" "$3"
    fi
  fi
  own "$1" "$2" "$3"
}

file_from() { file "$2" "$3" "$4" <"$1"; }

# secret: 256 random bits, in letters, digits, - and _.
secret() { [ -n "$DRY_RUN" ] || openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n'; }

# fill TEMPLATE NAME=VALUE...: the template, with each @NAME@ replaced. A name that is left over is a mistake of ours.
fill() {
  local text pair
  text=$(cat "$1")
  shift
  for pair in "$@"; do
    text=${text//@"${pair%%=*}"@/"${pair#*=}"}
  done
  if grep -oE '@[A-Z_]+@' <<<"$text" >&2; then fail "these stand in $1, and nothing for them"; fi
  printf '%s\n' "$text"
}

# is_up SERVICE: its process lives.
is_up() {
  if [ -n "$systemd" ]; then systemctl is-active --quiet "$1"; else start-stop-daemon --status --pidfile "$RUN/$1.pid" 2>/dev/null; fi
}

# last_words SERVICE
last_words() {
  if [ -n "$systemd" ]; then journalctl -n 10 --no-pager -o cat -u "$1"; else tail -n 10 "$LOGS/$1.log"; fi
}

# wait_for SERVICE SECONDS COMMAND...: until the command succeeds; fails when the service dies before that.
wait_for() {
  local service=$1 seconds=$2 end dead=0
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if is_up "$service"; then dead=0; else dead=$((dead + 1)); fi
    if [ $SECONDS -ge $end ] || [ $dead -ge 20 ]; then
      last_words "$service" >&2 || true
      fail "$service $([ $dead -ge 20 ] && echo 'does not run' || echo "does not answer within $seconds s"); its last words stand above"
    fi
    sleep 0.2
  done
}

# is_foreign PORT SERVICE: someone else listens there.
is_foreign() { ! is_up "$2" && (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# needed_by SERVICE: the file that was just written counts only once this is started anew. Remembered, should the run end before that.
needed_by() {
  [ -n "$FILE_CHANGED" ] || return 0
  RESTART=yes
  [ -n "$DRY_RUN" ] || : >"$VAR/restart.$1"
}

# service NAME USER COMMAND...: starts it, or, if RESTART is set, starts it anew.
service() {
  local service=$1 user=$2
  shift 2
  [ ! -e "$VAR/restart.$service" ] || RESTART=yes
  if [ -n "$systemd" ]; then
    [ -n "$DRY_RUN" ] || systemctl daemon-reload
    if ! systemctl is-enabled --quiet "$service" 2>/dev/null; then
      changed "$service starts with the machine"
      [ -n "$DRY_RUN" ] || systemctl enable --quiet "$service"
    fi
    if [ -n "$RESTART" ] || ! systemctl is-active --quiet "$service"; then
      changed "$service started"
      [ -n "$DRY_RUN" ] || systemctl restart "$service" || fail "$service does not start: journalctl -u $service"
    fi
    [ -n "$DRY_RUN" ] || rm -f "$VAR/restart.$service"
    return
  fi
  local pid=$RUN/$service.pid log=$LOGS/$service.log
  folder 0755 root:root "$RUN" "$LOGS"
  if [ -n "$RESTART" ] && [ -z "$DRY_RUN" ]; then
    start-stop-daemon --stop --quiet --oknodo --retry TERM/30/KILL/5 --pidfile "$pid" --remove-pidfile
  fi
  if ! start-stop-daemon --status --pidfile "$pid" 2>/dev/null; then
    changed "$service started, without systemd"
    [ -n "$DRY_RUN" ] || start-stop-daemon --start --quiet --background --make-pidfile --pidfile "$pid" --chuid "$user" \
      --output "$log" --startas /bin/sh -- -c 'umask 077; exec "$@"' sh "$@"
  fi
  [ -n "$DRY_RUN" ] || rm -f "$VAR/restart.$service"
}

# gone SERVICE: stops it for good.
gone() {
  if [ -n "$systemd" ]; then
    [ -e "$UNITS/$1" ] || return 0
    changed "stopped: $1"
    [ -n "$DRY_RUN" ] || { systemctl disable --now --quiet "$1" || true; rm -f "$UNITS/$1"; systemctl daemon-reload; }
  elif is_up "$1"; then
    changed "stopped: $1"
    [ -n "$DRY_RUN" ] || start-stop-daemon --stop --quiet --oknodo --retry TERM/30/KILL/5 --pidfile "$RUN/$1.pid" --remove-pidfile
  fi
}

# unit NAME: an installed unit from its template.
unit() {
  FILE_CHANGED=
  [ -n "$systemd" ] || return 0
  local unit=$1
  shift
  local text
  text=$(fill "$ROOT/ops/systemd/$unit" "$@")
  file 0644 root:root "$UNITS/$unit" <<<"$text"
}

# class_data: what lets the program start in half the time; made by running it once, anew for each version of it and of Java.
class_data() {
  local archive=$LIB/tatbot-state.jsa made_from
  [ -z "$DRY_RUN" ] || return 0
  made_from=$( (java -version 2>&1; cat "$LIB/tatbot-state.jar") | sha256sum | cut -d' ' -f1)
  [ "$(cat "$archive.of" 2>/dev/null)" != "$made_from" ] || return 0
  java -XX:ArchiveClassesAtExit="$archive.new" -XX:+UseSerialGC -Xlog:disable -Xlog:all=off -jar "$LIB/tatbot-state.jar" train \
    >/dev/null 2>&1 || true
  if [ -f "$archive.new" ]; then
    chmod 0644 "$archive.new"
    mv -f "$archive.new" "$archive"
    changed "$archive: class data, for a faster start"
  fi
  echo "$made_from" >"$archive.of"
}

# admin_cli WORD...: asks the running Redis as its administrator. The password is in no process's arguments.
admin_cli() {
  REDISCLI_AUTH=$(cat "$ADMIN_PASSWORD") "$REDIS_CLI" --tls --cacert "$CA" -h localhost -p "$tls_port" --user admin --no-auth-warning "$@"
}
answers() { [ "$(admin_cli PING 2>/dev/null)" = PONG ]; }
