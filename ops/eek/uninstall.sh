# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# Takes away what ops/setup-eek has set up; sourced by it. Packages stay: others may need them.

step "Uninstall"
remove() {
  local path
  for path in "$@"; do
    if [ -e "$path" ]; then
      changed "removed: $path"
      [ -n "$DRY_RUN" ] || rm -rf "$path"
    fi
  done
}
for unit in $ALL_UNITS; do
  if [ -n "$systemd" ] && [ -e "$UNITS/$unit" ]; then
    changed "stopped: $unit"
    [ -n "$DRY_RUN" ] || systemctl disable --now --quiet "$unit" || true
  elif [ -z "$systemd" ] && is_up "$unit"; then
    changed "stopped: $unit"
    [ -n "$DRY_RUN" ] || start-stop-daemon --stop --quiet --oknodo --retry TERM/30/KILL/5 --pidfile "$RUN/$unit.pid" --remove-pidfile
  fi
  remove "$UNITS/$unit"
done
[ -z "$systemd" ] || [ -n "$DRY_RUN" ] || systemctl daemon-reload
remove /etc/sysctl.d/60-tatbot.conf "$LAUNCHER" "$LIB" "$RUN" "$LOGS" "$ETC/redis/redis.conf"
if [ -n "$purge" ]; then
  remove "$ETC" "$VAR" /var/backups/tatbot
  for user in $SERVER_USER $REDIS_USER; do
    if getent passwd "$user" >/dev/null; then
      changed "removed: user $user"
      [ -n "$DRY_RUN" ] || userdel "$user"
    fi
  done
elif [ -d "$ETC" ] || [ -d "$VAR" ]; then
  step "  kept: credentials in $ETC, data in $VAR. To remove them, too: --uninstall --purge"
fi
summary
