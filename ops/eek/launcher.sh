#!/bin/sh
# The tatbot-state program, as ops/setup-eek installs it.
lib=/usr/lib/tatbot
case " ${1:-} " in
  " serve ") tuning=@$lib/serve.jvm ;;
  *) tuning=-XX:TieredStopAtLevel=1 ;;
esac
exec java ${CACHE_DIRECTORY:+"-Djna.tmpdir=$CACHE_DIRECTORY"} --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off \
  -XX:SharedArchiveFile=$lib/tatbot-state.jsa "$tuning" -jar $lib/tatbot-state.jar "$@"
