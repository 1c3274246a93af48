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
  local policy=/usr/sbin/policy-rc.d made=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    made=yes
  fi
  local status=0
  (need_packages "${missing[@]}") || status=$?
  [ -z "$made" ] || rm -f $policy
  return $status
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
    [ -n "$DRY_RUN" ] || { chown "$2" "$3" && chmod "$1" "$3"; }
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
      chown "$2" "$new" && chmod "$1" "$new" && mv -f "$new" "$3"
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

# service NAME USER COMMAND...: starts it, or, if RESTART is set, starts it anew.
service() {
  local service=$1 user=$2
  shift 2
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
  local archive=$LIB/tatbot-state.jsa java
  [ -z "$DRY_RUN" ] || return 0
  java=$(readlink -f "$(command -v java)")
  if [ ! -f "$archive" ] || [ "$LIB/tatbot-state.jar" -nt "$archive" ] || [ "$java" -nt "$archive" ]; then
    java -XX:ArchiveClassesAtExit="$archive.new" -XX:+UseSerialGC -Xlog:disable -Xlog:all=off -jar "$LIB/tatbot-state.jar" train \
      >/dev/null 2>&1 || true
    [ ! -f "$archive.new" ] || mv -f "$archive.new" "$archive"
    changed "$archive: class data, for a faster start"
  fi
}
