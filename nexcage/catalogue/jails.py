"""Codes of jails and of what freebsd in config.json asks of them."""

TEXT = """
jail-failed
  a tool of FreeBSD failed, with words that no code is known for
  the message has the tool's own words
  see them; --debug shows the command line

jail-missing
  the container's jail does not exist any more
  somebody removed it
  nexcage delete ID removes what is left

jail-exists
  a jail of that name exists, and is not nexcage's
  somebody else made it
  choose another id, or remove it: jail -r NAME

jail-dying
  the container's jail is dying
  its processes have ended, and connections of it are not closed yet
  wait; jls -d jid name dying shows when it has gone

jail-name-invalid
  a jail's name cannot be a number
  the id is one
  choose an id with a letter in it

jids-exhausted
  the kernel has no jail number left
  too many jails
  remove jails that nobody needs

jail-conf-invalid
  the configuration of the jail is in error
  a value has a $ or a quote that jail(8) takes for its own
  correct the property that the message names

jail-conf-missing
  a configuration of jails does not exist
  a file that jail(8) was told to read has been removed
  see the path in the message

command-failed
  a program that jail or pct ran failed
  the message names the program and how it ended
  see that program's own words

command-line-refused
  a tool of FreeBSD refuses its command line
  another release of FreeBSD, or a defect of nexcage
  report it with the output of --debug

console-log-failed
  the log of the jail's console cannot be written
  its directory does not exist, or is full
  correct the path or free some space

attach-failed
  a process could not enter its jail
  the jail has gone, or its root was unmounted
  nexcage state ID shows what is left

parent-missing
  the parent jail does not exist
  freebsd.jail.parent names one that is not there
  jls name lists the jails

parent-limit
  the parent jail does not allow it
  it has no room for children, or lacks the right itself
  jail -m raises children.max

name-invalid
  the name cannot be a jail's
  freebsd.jail.parent has a part that is empty or a number
  correct it in config.json

name-long
  the parent's name leaves no room for the container's
  a jail's whole name has at most 255 bytes
  choose a parent with a shorter name

name-too-long
  a name or a path is too long for a jail
  the id, the parent's name, the host name or root.path
  use at most 255 bytes

path-missing
  the root of the jail does not exist
  root.path in config.json
  correct it, or unpack the image there

path-not-directory
  the root of the jail is no directory
  root.path in config.json
  correct it

path-not-absolute
  the root of the jail is no absolute path
  root.path in config.json
  correct it

path-long
  the path of the root is too long for a jail
  FreeBSD takes at most 1023 bytes
  move the bundle to a shorter path

root-unmounted
  the jail's root was unmounted under it
  somebody unmounted the bundle while it ran
  nexcage delete --force ID

allow-unknown
  freebsd.jail.allow has a name that means nothing
  it is mistyped, or of another release
  correct it in config.json

annotation-contradicts
  an annotation contradicts a property
  org.freebsd.* and freebsd.jail say different things
  take one of the two out

children-invalid
  the number of child jails cannot be used
  an annotation or freebsd.jail has no number in range
  correct it in config.json

osrelease-invalid
  the release that the jail is to see cannot be used
  the annotation is no release such as 14.3-RELEASE
  correct it, or take it out

osreldate-invalid
  the number of the release cannot be used
  the annotation is no number such as 1403000, or later than the kernel's
  correct it, or take it out

parameter-read-only
  a parameter cannot be changed in a jail that exists
  FreeBSD sets it only when the jail is made
  delete the container and create it anew

parameters-conflict
  parameters of the jail exclude each other
  a jail with a network of its own cannot be held to addresses
  take freebsd.jail.vnet, or the addresses, out
"""
