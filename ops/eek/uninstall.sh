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
for unit in $ALL_UNITS; do gone "$unit"; done
remove /etc/sysctl.d/60-tatbot.conf "$LAUNCHER" "$FLEET_CLI" "$LIB" "$RUN" "$LOGS" "$ETC/redis/redis.conf"
if [ -n "$purge" ]; then
  remove "$ETC" "$VAR" /var/cache/tatbot
  for user in $SERVER_USER $REDIS_USER; do
    if getent passwd "$user" >/dev/null; then
      changed "removed: user $user"
      [ -n "$DRY_RUN" ] || userdel "$user"
    fi
  done
elif [ -d "$ETC" ] || [ -d "$VAR" ]; then
  step "  kept: credentials in $ETC, data in $VAR. To remove them, too: --uninstall --purge"
fi
if [ -n "$purge" ] && [ -d /var/backups/tatbot ]; then step "  kept: the backups in /var/backups/tatbot"; fi
summary
