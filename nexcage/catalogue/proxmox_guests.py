"""Codes of what Proxmox VE says of its guests."""

TEXT = """
pct-failed
  a tool of Proxmox VE failed, with words that no code is known for
  the message has the tool's own words
  see them; --debug shows the command line

pct-warning (warning)
  a tool of Proxmox VE succeeded, and warned of something
  the message has the tool's own words
  see them

program-missing
  a program that Proxmox VE needs is not installed on the node
  a minimal node, or a storage whose programs were not installed
  apt install the package that has it

ct-missing
  the guest does not exist on this node
  it was destroyed or migrated by somebody else
  pvesh get /cluster/resources --type vm shows which node has it

ct-running
  the guest runs, which the operation does not allow
  somebody started it
  nexcage stop ID first

already-running
  the guest runs already
  somebody else started it
  nothing

init-ended
  the first process of the guest has ended
  its program ended while something was asked of it
  nexcage logs ID says why

stop-timeout
  the guest did not stop in time
  its program ignores the signal
  nexcage kill ID KILL, or pct stop VMID

ct-locked
  the guest is locked
  a backup, a migration or a snapshot works on it, or was cut short
  wait for it; when nothing works on it any more: pct unlock VMID

ct-unlocked
  the guest is not locked
  somebody unlocked it meanwhile
  nothing

ct-busy
  another task of the node works on the guest
  a backup, a start or a stop has not ended
  try again when that task has ended

ct-changed
  the guest's configuration was changed by somebody else meanwhile
  two commands changed it at once
  try again

ct-config-invalid
  the guest's configuration cannot be read
  somebody edited it by hand
  correct /etc/pve/lxc/VMID.conf

ct-protected
  the guest is protected from being removed
  its option protection is set
  pct set VMID --protection 0

ct-in-ha
  the guest is managed by high availability
  it is a resource of the HA manager
  ha-manager remove ct:VMID

ct-replicated
  the guest has a replication job
  its disks are replicated to another node
  pvesr list shows the job

ct-is-template
  the guest is a template, which cannot run
  pct template was called on it
  clone it: pct clone VMID NEWID

ct-no-template
  the guest is no template
  the operation is for templates
  pct template VMID

template-unavailable
  the guest cannot become a template
  its storage has no base images
  move its disk to a storage that has them

clone-unavailable
  a disk of the guest cannot be cloned this way
  its storage has no linked clones, or a mount point is in the way
  pct clone --full, or another storage

migration-failed
  the guest was not migrated
  the other node does not run, or a disk is local
  pvesh get /nodes lists the nodes and their state

checkpoint-failed
  the guest could not be saved
  CRIU cannot save containers of Proxmox VE
  use nexcage pause and resume

snapshot-missing
  the guest has no such snapshot
  its name is mistyped, or it has been removed
  nexcage snapshot ID lists them

snapshot-exists
  the guest has a snapshot of that name
  an earlier one
  choose another name, or nexcage snapshot ID NAME --remove

snapshot-invalid
  the name of the snapshot cannot be used
  it is reserved, too long, or has other characters than letters, digits, - and _
  choose a name such as before

snapshot-unavailable
  the guest's storage cannot make snapshots
  it is a directory or an LVM volume without thin provisioning
  move its disk to a storage that can, such as ZFS or LVM-thin

snapshot-unusable
  the snapshot cannot be used
  it is not complete, or later ones stand on it
  pct listsnapshot VMID shows them

vmid-exists
  the VMID is taken
  another guest, maybe a virtual machine or one on another node, has it
  leave out --vmid, or pvesh get /cluster/nextid

vmid-invalid
  the VMID cannot be used
  it is no number from 100 to 999999999
  choose one in that range, or leave out --vmid

vmid-exhausted
  Proxmox VE gives no more VMIDs
  all of the range that datacenter.cfg names are in use
  widen next-id in /etc/pve/datacenter.cfg

vmids-exhausted
  no VMID is free
  every number up to 999999999 is in use
  remove guests that nobody needs

option-read-only
  the option cannot be changed after create
  pct allows it only when the guest is made
  create the container anew

option-required
  the option cannot be removed
  a guest needs it
  change it instead

options-missing
  there was nothing to change
  update was called with options that mean nothing here
  name what is to be changed

hotplug-failed
  the option cannot be changed while the guest runs
  the kernel refused it
  stop the container, change it, start it again

fsck-unavailable
  the disk cannot be checked
  its storage or its file system has no such check
  nothing
"""
