"""Codes of storages, disks, templates and images of Proxmox VE."""

TEXT = """
storage-missing
  the storage does not exist
  its name is mistyped, or it has been removed
  pvesm status lists them

storage-disabled
  the storage is disabled
  somebody switched it off
  pvesm set STORAGE --disable 0

storage-elsewhere
  the storage is not there on this node
  it is restricted to other nodes
  choose another one, or create the container on that node

storage-content
  the storage is not for what was to be put there
  its content types do not have it
  pvesm status --content rootdir lists those for containers

storage-exists
  a storage of that name exists already
  an earlier one
  choose another name

storage-offline
  the storage cannot be used now
  its server, pool or disk is away
  pvesm status shows its state

storage-failed
  the storage failed
  an input or output error, or a damaged file system
  dmesg and the storage's own tools say more

volume-missing
  the volume does not exist
  somebody removed it, or the name is mistyped
  pvesm list STORAGE shows what is there

volume-exists
  the volume exists already
  it is left of another guest
  pvesm free VOLUME, if nobody needs it

volume-busy
  the volume is in use
  another guest or process has it
  stop that one first

volume-failed
  the disk could not be made
  the storage is full or cannot make such a disk
  see the message; pvesm status shows the space

volume-format
  the format of the volume does not allow it
  source and target storage have no format in common
  move the disk to another storage first

volume-invalid
  that is no volume
  the word is not of the form STORAGE:VOLUME
  write STORAGE:VOLUME, or STORAGE:GIGABYTES for a new one

disk-missing
  the guest has no such disk
  its name is mistyped
  pct config VMID lists them

disk-shrink
  a disk cannot become smaller
  the wanted size is less than it has
  give a larger size

disk-same-size
  the disk has this size already
  an earlier resize
  nothing

resize-failed
  the disk could not be made larger, or its file system not
  the storage is full, or the file system is damaged
  pct df VMID shows what there is

move-failed
  the volume was not moved
  the guest runs, or the target cannot hold it
  see the message; pct config VMID

mount-failed
  a file system could not be mounted
  it is damaged, in use, or of another kind
  see the message; dmesg says more

archive-invalid
  the archive cannot be unpacked
  it is damaged, or not what its name says
  fetch or make the archive again

backup-missing
  the storage has no such backup
  its name is mistyped, or it has been removed
  pvesm list STORAGE --content backup shows what is there

backup-invalid
  the backup does not say how the container was made
  it is no backup of a container, or damaged
  use another backup

os-unknown
  Proxmox VE does not know the distribution in the rootfs
  the image has no /etc/os-release that it knows
  pass --ostype unmanaged

os-unsupported
  Proxmox VE does not support that release of the distribution
  the image is newer or older than it knows
  pass --ostype unmanaged

download-failed
  a download failed
  the server, the network or the disk
  see the message; try again

download-missing
  the server does not have the file
  its name is mistyped, or it has been replaced by a later one
  pveam update, then pveam available

pull-failed
  skopeo failed to fetch the image
  the message has how it ended
  skopeo inspect docker://NAME shows why

registry-denied
  the registry refuses the image
  it needs a password, or there is no such image
  skopeo login REGISTRY

registry-unreachable
  the registry cannot be reached
  its name is unknown, or the network is down
  check name and network of the node

pvesm-missing
  pvesm is not installed
  this is no node of Proxmox VE
  run it on a node, or give the file itself with tar:FILE
"""
