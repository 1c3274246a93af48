# Shared by the scripts in ops/: finds what they need, installs it from Debian where it may, names it where it may not.
# Sourced, not run. Expects ROOT, the project's folder.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# need_packages PACKAGE...: installs Debian packages, or fails with the command that would.
need_packages() {
  if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    say "Installing $* (Debian packages) ..."
    local log
    log=$(mktemp)
    if { apt-get update; DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
      rm -f "$log"
      return
    fi
    tail -5 "$log" >&2
    fail "could not install $*; the whole output is in $log"
  fi
  fail "$* is missing and only root may install it. Run:  sudo apt-get install $*"
}

# unpack_package PACKAGE: a Debian package's files in target/tools/PACKAGE, for one whose installation would start a daemon.
unpack_package() {
  local to=$ROOT/target/tools/$1
  command -v apt-get >/dev/null || fail "$1 is missing; it is a Debian package. Install it, or put its programs on the PATH"
  say "Fetching $1 (Debian package) ..."
  rm -rf "$to"
  mkdir -p "$to/download"
  (cd "$to/download" && { apt-get download "$1" || { apt-get update && apt-get download "$1"; }; } && dpkg-deb -x ./*.deb "$to") >"$to.log" 2>&1 ||
    fail "could not fetch $1; the whole output is in $to.log"
  rm -rf "$to/download"
}

# Whether a container engine answers where DOCKER_HOST says, or where engines are used to.
engine_answers() {
  if [ -z "${DOCKER_HOST:-}" ] && [ -S /var/run/docker.sock ]; then export DOCKER_HOST=unix:///var/run/docker.sock; fi
  local ping=(curl -sf -m 5 -o /dev/null)
  case "${DOCKER_HOST:-}" in
    unix://*) "${ping[@]}" --unix-socket "${DOCKER_HOST#unix://}" http://engine/_ping ;;
    tcp://*) "${ping[@]}" "http://${DOCKER_HOST#tcp://}/_ping" ;;
    *) return 1 ;;
  esac
}

# A JDK of at least 17, in JAVA_HOME or on the PATH. Never installed by itself: which one is the owner's choice.
need_jdk() {
  local javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac
  local missing="Java 17 or later is needed, with its compiler. Install it:  sudo apt-get install openjdk-17-jdk-headless"
  command -v "$javac" >/dev/null || fail "$missing"
  local version
  version=$("$javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ] || fail "found Java ${version:-of unknown version} at $(command -v "$javac"). $missing"
}

java_command() { printf '%s' "${JAVA_HOME:+$JAVA_HOME/bin/}java"; }

# Maven of at least 3.8.7.
need_maven() {
  command -v mvn >/dev/null || need_packages maven
  local version
  version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p' | head -1)
  [ "$(printf '%s\n3.8.7\n' "${version:-0}" | sort -V | head -1)" = 3.8.7 ] ||
    fail "found Maven ${version:-of unknown version}; 3.8.7 or later is needed"
}

# The executable jar of a module, built if it is missing or older than what it is made of.
# built_jar MODULE: prints its path.
built_jar() {
  local module=$1 jar
  jar=$ROOT/$module/target/$module-app.jar
  if [ ! -f "$jar" ] || [ -n "$(newer_than "$jar")" ]; then
    need_jdk
    need_maven
    build "$module" "$jar" >&2 || exit 1
  fi
  printf '%s' "$jar"
}

# The class-data archive of a jar for this Java, which halves the time to start; made by running the program once.
# class_archive JAR: prints its path, or nothing if there can be none.
class_archive() {
  local jar=$1 java archive
  java=$(java_command)
  archive=${jar%.jar}-$("$java" -version 2>&1 | cksum | cut -d' ' -f1).jsa
  if [ ! -f "$archive" ] || [ "$jar" -nt "$archive" ]; then
    "$java" "-XX:ArchiveClassesAtExit=$archive.$$" -XX:+UseSerialGC -Xlog:disable -Xlog:all=off -jar "$jar" train >/dev/null 2>&1 || true
    [ ! -f "$archive.$$" ] || mv -f "$archive.$$" "$archive"
  fi
  [ ! -f "$archive" ] || printf '%s' "$archive"
}

newer_than() {
  find "$ROOT/pom.xml" "$ROOT/README.md" "$ROOT/docs" "$ROOT/ops/state.example.env" "$ROOT"/schema "$ROOT"/state-* \
    \( -name target -o -name node_modules -o -name test -o -name examples -o -name ajv \) -prune -o \
    -type f \( -name '*.java' -o -name '*.json' -o -name '*.lua' -o -name '*.xml' -o -name '*.properties' \
    -o -name '*.js' -o -name '*.md' -o -name '*.env' -o -name '*.css' -o -name '*.html' -o -name '*.svg' \) \
    -newer "$1" -print -quit
}

# One build at a time: two terminals may start at once.
build() {
  local module=$1 jar=$2
  mkdir -p "$ROOT/target"
  (
    flock 9
    if [ ! -f "$jar" ] || [ -n "$(newer_than "$jar")" ]; then
      say "Building $module, since its sources are newer; the first time it takes a minute or two ..."
      # A program that runs has the old file open: the build writes into another one of that name, or it would pull the rug away.
      [ ! -f "$jar" ] || { cp -p "$jar" "$jar.old" && mv -f "$jar.old" "$jar"; }
      local log=$ROOT/target/build-$module.log
      if ! (cd "$ROOT" && mvn -B -ntp -q -Dstyle.color=never -DskipTests -DskipITs -Pquick -pl "$module" -am package) >"$log" 2>&1; then
        tail -30 "$log"
        fail "the build failed; the whole output is in $log"
      fi
      touch "$jar"
    fi
  ) 9>"$ROOT/target/build.lock"
}

# long_test CLASS [-DNAME=VALUE...]: builds the client and runs one of its long tests, whose output it shows.
long_test() {
  local test=$1
  shift
  need_jdk
  need_maven
  local reports=$ROOT/state-client/target/failsafe-reports
  rm -f "$reports"/*"$test"*
  (cd "$ROOT" && mvn -B -ntp -q verify -pl state-client -am -Pfull -Djacoco.skip -Dspotless.check.skip \
    -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dit.test="$test" -Dfailsafe.failIfNoSpecifiedTests=false "$@")
  # Maven is content if nothing ran.
  ls "$reports"/TEST-*"$test".xml >/dev/null 2>&1 || fail "$test did not run: no report of it in $reports"
}
