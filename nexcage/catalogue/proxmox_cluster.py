"""Codes of a cluster of Proxmox VE, its nodes, and their network."""

TEXT = """
quorum-lost
  the cluster has no majority, so nothing in it can be changed
  nodes are down, or cannot reach each other
  pvecm status shows which nodes are missing

cluster-fs-down
  the cluster file system of Proxmox VE does not run
  the service pve-cluster has ended
  systemctl start pve-cluster

cluster-busy
  another task holds a lock of the cluster
  several guests were changed at once
  try again when that task has ended

cluster-invalid
  the configuration of the cluster cannot be used
  corosync.conf was edited by hand
  look at /etc/pve/corosync.conf

cluster-missing
  this node is not part of a cluster
  the operation is for clusters
  pvecm create NAME makes one

node-missing
  the cluster has no such node
  its name is mistyped
  pvesh get /nodes lists them

node-offline
  the node is not online
  it is down, or cannot be reached
  pvecm status shows which nodes are there

node-invalid
  that node cannot be the target
  it is this node itself
  name another node

node-unreachable
  the other node cannot be reached
  the network, or ssh between the nodes, does not work
  pvecm status; pvecm updatecerts mends the keys

network-failed
  a bridge, an interface or the network beyond cannot be used
  the node has no network, or no resolver
  check ip route and /etc/resolv.conf of the node

host-unresolved
  a host name has no address
  it is mistyped, or the resolver does not know it
  check the name and /etc/resolv.conf

bridge-missing
  the bridge does not exist on this node
  network.bridge or network.net names one that was not made
  ip link show type bridge lists them

bridge-invalid
  the bridge cannot do what is asked of it
  a VLAN tag needs a physical interface or a VLAN-aware bridge
  leave out tag=, or make the bridge VLAN-aware

mtu-invalid
  the MTU is larger than the bridge's
  mtu= in network.net
  set at most what the bridge has

root-needed
  the tools of Proxmox VE are for root alone
  an ordinary user called nexcage
  run it as root

pool-missing
  the pool does not exist
  proxmox.pool or its annotation is mistyped
  pvesh get /pools lists them

task-missing
  the task does not exist
  it ended long ago
  pvesh get /nodes/localhost/tasks lists them

resource-missing
  something that the message names does not exist
  its name is mistyped, or it has been removed
  correct the name

resource-exists
  something that the message names exists already
  an earlier one
  choose another name

unsupported
  the system or the tool cannot do this
  a kernel, a release or a storage without it
  see the message; leave out what asks for it
"""
