# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# A backup every night, two weeks of them, and a new certificate when it is time; sourced by ops/setup-eek. Without systemd the programs
# are there, and nobody runs them.

# timer NAME NAME=VALUE...
timer() {
  local timer=$1
  shift
  if [ -n "$systemd" ]; then
    unit "$timer.service" "$@"
    unit "$timer.timer"
    RESTART=
    needed_by "$timer.timer"
    service "$timer.timer" root
  fi
}

if [ -z "$joined" ]; then
  BACKUPS=/var/backups/tatbot
  folder 0700 root:root "$BACKUPS"
  file_from "$ROOT/ops/eek/backup" 0755 root:root "$LIB/backup"
  timer tatbot-backup "BACKUP=$LIB/backup" "FOLDER=$BACKUPS"
fi

# The checkout may be moved or changed; what runs by itself is what was set up.
folder 0755 root:root "$LIB/setup" "$LIB/setup/ops" "$LIB/setup/ops/eek" "$LIB/setup/ops/lib"
for each in setup-eek eek/install.sh eek/certificate.sh eek/ha.sh eek/renew.sh lib/setup.sh; do
  file_from "$ROOT/ops/$each" 0755 root:root "$LIB/setup/ops/$each"
done
timer tatbot-certificate "SETUP=$LIB/setup/ops/setup-eek"
