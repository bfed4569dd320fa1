"""Codes of the command line, of logs, and of what the host refuses."""

TEXT = """
usage
  the command line does not say what can be done
  a verb, an option, a value or an operand is missing, mistyped or contradicts another one
  see "nexcage help VERB"; the hint names the nearest word that exists

invalid-id
  the container id cannot be used
  it is empty, longer than 1024 bytes, "." or "..", or has other characters than letters, digits and _ + - .
  choose another id

invalid-signal
  no signal has that number or name
  a name or a number after kill or --signal is mistyped
  give a number from 1 to 64, or a name such as TERM, SIGKILL or RTMIN+1

unknown-runtime
  no driver has that name
  the name after --runtime, in a variable, an annotation or a rule is mistyped, or means virtual machines
  name pct, jail, crun or runc; for virtual machines use qm of Proxmox VE

unsupported-option
  the driver has nothing for the option
  the option exists for another driver, or for a later version of this one
  leave the option out, or choose a driver that has it

unsupported-verb
  the driver cannot do this to a container
  it is too old for it, or the system has no such thing
  create the container with a driver that can, such as --runtime runc

mode-invalid
  the file mode is no octal number
  the value of --mode has a digit above 7, is longer than 07777 or is no number
  write it like 0644

user-invalid
  the user for a copied file cannot be used
  the value of --user begins with a dash, or has a colon or a blank
  give a name or a number; the group goes to --group

group-invalid
  the group for a copied file cannot be used
  the value of --group begins with a dash, or has a colon or a blank
  give a name or a number

not-confirmed
  nothing was mended, because nobody agreed
  the answer was no, or standard input is no terminal and --yes is not there
  look with nexcage --dry-run repair, then call nexcage repair --yes

log-unavailable
  the journal or syslog that the log was to go to is not there
  journald: or syslog: was asked for on a host, or in a container, where it does not run
  name a file: --log PATH

internal
  nexcage did something that its authors did not foresee
  a defect of nexcage
  report it with the output of --debug

too-deep
  a document is nested so deeply that it cannot be read
  lists or objects in a JSON document lie in each other a thousand times
  make the document flatter

interrupted
  a signal ended the command; what was begun has been undone
  the interrupt key, or a signal from whoever started the command; the status is 128 and its number
  call it again

os-error
  the system refuses an operation
  the message has its words
  do what the message says of the file or place that it names

permission-denied
  the system does not allow it to this user
  the file, directory or device belongs to somebody else, or is on a read-only file system
  run it as root, or choose a --root that is yours

no-space
  no space, no inode or no quota is left
  the file system or the storage that the message names is full
  free some space there, then try again

timeout
  something did not happen in time
  the host is busy, or what was waited for hangs
  try again; on Proxmox VE give it longer: proxmox.timeout

no-proc
  /proc does not say what it has to say of this process
  /proc is not mounted, or is hidden from it
  mount it: mount -t proc proc /proc

root-unusable
  the directory of the records cannot be used
  --root or NEXCAGE_ROOT names something that is no directory, or that others could change
  name another directory with --root

not-root
  the driver is for root alone
  an ordinary user called it
  run it as root

driver-unavailable
  the driver cannot run on this host
  its program is not installed, not executable, or the host is not one that it is for
  nexcage check drivers says what is missing

driver-failed
  the driver's program failed, with words that no code is known for
  the message has the program's own words
  see the program's words; --debug shows its command line

library-missing
  a library or Python package that the verb needs is not installed
  nexcage was installed without its extra "cold", or libarchive is missing
  install what the hint names

cannot-listen
  the address for the metrics cannot be listened on
  another process has the port, the address is not of this host, or the port is below 1024
  name another address or port with --listen

check-changed (warning)
  a check of nexcage check --watch has another result than before
  something on the host changed
  nexcage check says more

watch-trouble (warning)
  nexcage check --watch could not look, or took too long
  the host is busy or something that is looked at hangs
  wait for the line that says that it is over; otherwise see what the message names

operations-busy
  the counts of operations cannot be read
  other commands write them faster than they can be read
  try again

operations-damaged (warning)
  the counts of operations are damaged and begin anew
  a full disk or a crash cut the file short
  nothing; the metrics begin at 0
"""
