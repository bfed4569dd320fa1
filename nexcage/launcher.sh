#!/bin/sh
# nexcage: start the Python program; but hand the hot verbs of a crun or runc
# container straight to its driver, which is three times as fast. Only plain
# calls that succeed are handled here. All else, and every failure, goes to
# Python, which knows the messages.

here=${0%/*}
[ ! -h "$0" ] || here=$(dirname -- "$(readlink -f -- "$0")")

python() {
	for lib in "$here/.." "$here"/../lib/python3*/site-packages; do
		[ ! -e "$lib/nexcage/cli/main.py" ] || break
	done
	for interpreter in "$here/python3" /usr/bin/python3 /usr/local/bin/python3; do
		[ ! -x "$interpreter" ] || break
	done
	[ -x "$interpreter" ] || interpreter=$(newest_python)
	exec "$interpreter" -IS -c '
import sys
sys.path.insert(0, sys.argv.pop(1))
from nexcage.start import main
main()
' "$lib" "$@"
}

# FreeBSD's packages have no plain python3: the newest one that is there, also where PATH is short.
newest_python() {
	PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin
	! command -v python3 || return 0
	minor=30
	while [ "$minor" -ge 11 ]; do
		! command -v "python3.$minor" || return 0
		minor=$((minor - 1))
	done
	echo python3
}

# the verb, its id and the root; anything that is not plain gives up
root=$NEXCAGE_ROOT
verb=
id=
want=
for word; do
	case $want:$word in
	*: | :--root= | :--log=) python "$@" ;; # an empty word is a mistake of the caller's
	root:*) root=$word want= ;;
	log:journald:* | log:syslog:* | :--log=journald:* | :--log=syslog:*) python "$@" ;; # perhaps not there
	log:*) want= ;;
	format:text | format:json) want= ;;
	:--root | :--log | :--log-format) want=${word##*-} ;;
	:--root=*) root=${word#*=} ;;
	:--log=* | :--log-format=text | :--log-format=json) ;;
	format:* | :-*) python "$@" ;;
	*) if [ -z "$verb" ]; then verb=$word; elif [ -z "$id" ]; then id=$word; else python "$@"; fi ;;
	esac
done
case $verb in state | start | delete) ;; *) python "$@" ;; esac
case $id in '' | . | .. | *[!A-Za-z0-9_.+-]*) python "$@" ;; esac
[ -z "$want$NEXCAGE_DEBUG$NEXCAGE_LOG_LEVEL$NEXCAGE_LOG_FORMAT$NEXCAGE_CONFIG" ] || python "$@"
case $NEXCAGE_LOG in journald:* | syslog:*) python "$@" ;; esac
# a configuration that speaks of the log, or of where records are, is Python's
for file in /etc/nexcage/config.json /etc/nexcage/nexcage.json \
	/usr/local/etc/nexcage/config.json /usr/local/etc/nexcage/nexcage.json; do
	[ -e "$file" ] || [ -h "$file" ] || continue
	[ -f "$file" ] || python "$@"
	text=
	{ while IFS= read -r line || [ -n "$line" ]; do text=$text$line; done <"$file"; } 2>/dev/null || python "$@"
	case $text in *log_* | *root_path* | *data_dir* | *\\*) python "$@" ;; esac
done
[ -n "$root" ] || root=/run/nexcage
home=$root/$id
# links, what belongs to somebody else, and a record that was touched since are Python's to refuse
# shellcheck disable=SC3013,SC2015 # -nt: dash, busybox and FreeBSD's sh have it; python does not return
{
	[ -f "$home/launch" ] && [ -f "$home/record.json" ] &&
		[ -O "$home" ] && [ -O "$home/launch" ] && [ -O "$home/record.json" ] &&
		[ ! -h "$home" ] && [ ! -h "$home/launch" ] && [ ! -h "$home/record.json" ] &&
		[ ! "$home/record.json" -nt "$home/launch" ]
} || python "$@"
{ command exec <"$home/launch"; } 2>/dev/null || python "$@" # it has gone meanwhile

# for nexcage metrics, as nexcage/state/operations.py does it; there is no clock here, so no duration
count() {
	[ ! -f "$root/@operations" ] || [ ! -w "$root/@operations" ] || [ -h "$root/@operations" ] ||
		printf '%s\t%s\tok\t\n' "$verb" "${state##*/@}" >>"$root/@operations" || :
} 2>/dev/null

# the driver's part of the verb; who ends this one ends it too: it would go on alone
driver=
drive() {
	trap 'give_up TERM' TERM
	trap 'give_up INT' INT
	trap 'give_up HUP' HUP
	"$program" --root "$state" "$verb" "$handle" </dev/null &
	driver=$!
	wait "$driver"
}
give_up() {
	[ -z "$driver" ] || kill "$driver" 2>/dev/null # perhaps it has just ended
	trap - "$1"
	kill -s "$1" "$$"
}

# the last of these says that the one before it is whole
{ IFS= read -r program && IFS= read -r state && IFS= read -r handle && IFS= read -r text; } || python "$@"
# what the driver itself keeps: a pipe would hold it, a link lead it to another container
{
	[ ! -h "$state/$handle" ] && [ ! -h "$state/$handle/status" ] && [ ! -h "$state/$handle/state.json" ] &&
		{ [ -f "$state/$handle/status" ] || [ -f "$state/$handle/state.json" ]; }
} || python "$@"
case $verb in
state)
	said=$("$program" --root "$state" state "$handle" 2>&1) || python "$@"
	pid=${said#*'"pid":'}
	pid=${pid%%,*}
	status=${said#*'"status":'}
	status=${status#*'"'}
	status=${status%%'"'*}
	[ "$status" != stopped ] || pid=0
	last=
	text="$text
"
	while IFS= read -r line; do
		case $line in
		'  "status": "@",') line="  \"status\": \"$status\"," ;;
		'  "pid": 0,') line="  \"pid\": ${pid# }," ;;
		esac
		text="$text$line
" last=$line
	done
	[ "$last" = '}' ] || python "$@" # it is cut short
	printf %s "$text" || exit 1
	;;
start)
	{ drive >/dev/null 2>"$home/start.log"; } 2>/dev/null || { # the shell's words, the driver's are in the file
		export NEXCAGE_FAILED=start # so that it is explained, not tried again
		python "$@"
	}
	count
	;;
delete)
	# crun removes a state that it cannot read, and its container runs on
	if [ -f "$state/$handle/status" ]; then
		text=
		{ while IFS= read -r line; do text=$text$line; done <"$state/$handle/status"; } 2>/dev/null
		case $text in '{'*'"pid"'*'}') ;; *) python "$@" ;; esac
	fi
	# with the lock, or another command removes this meanwhile, and makes another container of that name
	case $home in /*) cd -- "$home" 2>/dev/null || python "$@" ;; *) python "$@" ;; esac
	# shellcheck disable=SC3013 # -ef: as -nt
	{
		[ -f lock ] && [ ! -h lock ] && { command exec 9<lock; } && flock --nonblock 9 &&
			[ /dev/stdin -ef "$home/launch" ] && [ /dev/fd/9 -ef "$home/lock" ] &&
			drive 9<&-
	} >/dev/null 2>&1 || {
		exec 9<&-
		cd -- "$OLDPWD" || exit 1
		python "$@"
	}
	count
	exec rm -rf -- "$home"
	;;
esac
