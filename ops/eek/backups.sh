# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# A backup every night, two weeks of them; sourced by ops/setup-eek. Without systemd its program is there, and nobody runs it.

BACKUPS=/var/backups/tatbot
folder 0700 root:root "$BACKUPS"
file_from "$ROOT/ops/eek/backup" 0755 root:root "$LIB/backup"
if [ -n "$systemd" ]; then
  unit tatbot-backup.service "BACKUP=$LIB/backup" "FOLDER=$BACKUPS" "SHARE=$ROOT"
  unit tatbot-backup.timer "SHARE=$ROOT"
  RESTART=$FILE_CHANGED
  service tatbot-backup.timer root
fi
