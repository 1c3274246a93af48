# shellcheck shell=bash disable=SC1090,SC2154
# Machines to try things on: roots made by debootstrap, with processes of their own. Sourced; expects ROOT and lib/setup.sh.

MACHINES=$ROOT/target/machines

# base_root SUITE: makes the archive of a root that has nothing but the base system, unless it is there.
base_root() {
  local suite=$1 base=$MACHINES/base main
  command -v debootstrap >/dev/null || need_packages debootstrap
  mkdir -p "$MACHINES"
  [ ! -f "$MACHINES/$suite.tar" ] || return 0
  say "Making a root of $suite ..."
  rm -rf "$base"
  debootstrap --variant=minbase "$suite" "$base" >"$MACHINES/debootstrap.log" 2>&1 ||
    { tail -3 "$MACHINES/debootstrap.log" >&2; fail "debootstrap failed"; }
  # As an installed system has it.
  main=$(sed -n '1s/^deb \([^ ]*\) .*/\1/p' "$base/etc/apt/sources.list")
  echo "deb ${main%/debian*}/debian-security $suite-security main" >>"$base/etc/apt/sources.list"
  tar -C "$base" -cf "$MACHINES/$suite.tar" .
  rm -rf "$base"
}

# machine ARCHIVE ROOT JAR: a new one, with what is to be tried in /src and /jar.
machine() {
  rm -rf "$2"
  mkdir -p "$2"
  tar -C "$2" -xf "$1"
  mkdir -p "$2/src" "$2/jar"
  tar -C "$ROOT" -c ops state-client/src/test/resources/python | tar -C "$2/src" -x
  cp "$3" "$2/jar/tatbot-state.jar"
  cp /etc/resolv.conf "$2/etc/"
  echo "${2##*/}" >"$2/etc/hostname"
  printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "${2##*/}" >"$2/etc/hosts"
}

# run_machine ROOT COMMAND...: boots it, by the name of its folder, with processes and mounts that end with the command. Its network is
# this machine's, or the namespace NETWORK.
run_machine() {
  # shellcheck disable=SC2016 # the inner shell expands it
  ${NETWORK:+ip netns exec "$NETWORK"} unshare --mount --pid --uts --fork --kill-child bash -euc '
    root=$1
    shift
    echo "${root##*/}" >/proc/sys/kernel/hostname
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --rbind /dev "$root/dev"
    exec chroot "$root" "$@"
  ' sh "$@"
}

# boot_machine ROOT COMMAND...: boots it with its own systemd, and shuts it down when the command has ended.
boot_machine() {
  local root=$1 pid leader='' end=$((SECONDS + 60)) status=0
  shift
  systemd-nspawn --quiet --directory="$root" --boot --machine="${root##*/}" --register=no --keep-unit --console=pipe \
    </dev/null >"$MACHINES/boot.log" 2>&1 &
  pid=$!
  until leader=$(pgrep -P "$pid" | head -1) && [ -n "$leader" ] &&
    [[ $(inside "$leader" systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]; do
    kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $end ] || { tail -20 "$MACHINES/boot.log" >&2; fail "systemd does not boot"; }
    sleep 0.2
  done
  inside "$leader" "$@" || status=$?
  kill -s RTMIN+4 "$leader"
  wait "$pid" || true
  return $status
}
inside() {
  local leader=$1
  shift
  nsenter --target "$leader" --mount --uts --ipc --pid --net --root --wd env -i PATH="$PATH" HOME=/root "$@"
}
