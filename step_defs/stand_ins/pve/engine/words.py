# SPDX-License-Identifier: Apache-2.0
"""What lxc 6 says when a container does not start; ``@`` is the VMID."""

from __future__ import annotations

SPAWN = '__lxc_start: 2127 Failed to spawn container "@"\n'
SYNC = "sync_wait: 34 An error occurred in another process (expected sequence number {})\n"
SETUP = 'do_start: 1277 Failed to setup container "@"\n'
ROOTFS = "/usr/lib/x86_64-linux-gnu/lxc/rootfs"
HOOK = (
    "run_buffer: 571 Script exited with status {}\n"
    'lxc_init: 845 Failed to run lxc.hook.pre-start for container "@"\n'
    '__lxc_start: 2047 Failed to initialize container "@"\n'
)
PROGRAM = SYNC.format(7) + SPAWN
MOUNT = (
    f'mount_entry: 2202 No such file or directory - Failed to mount "{{}}" on "{ROOTFS}/{{}}"\n'
    "lxc_setup: 3910 Failed to setup mount entries\n" + SETUP + SYNC.format(3) + SPAWN
)
START_HOOK = (
    'verify_start_hooks: 3514 No such file or directory - Start hook "{}" not found in container\n'
    "lxc_setup: 3952 Failed to verify start hooks\n" + SETUP + SYNC.format(4) + SPAWN
)
RESOURCE = (
    "setup_resource_limits: 3077 Unknown resource {}\nlxc_spawn: 1873 Failed to setup resource limits\n"
    + SPAWN
)
LIMIT = (
    "setup_resource_limits: 3088 Operation not permitted - Failed to set limit {}\n"
    "lxc_spawn: 1873 Failed to setup resource limits\n" + SPAWN
)
SYSFS = (
    f'safe_mount: 1334 Operation not permitted - Failed to mount "sysfs" onto "{ROOTFS}/proc/sys"\n'
    "lxc_mount_auto_mounts: 606 Operation not permitted - Failed to mount"
    f' "sysfs" on "{ROOTFS}/proc/sys" with flags 14\n'
    "lxc_setup: 3901 Failed to setup first automatic mounts\n" + SETUP + SYNC.format(3) + SPAWN
)
SYSCTL = (
    "setup_sysctl_parameters: 3126 Permission denied - Failed to setup sysctl parameters {} to {}\n"
    "lxc_setup: 3984 Failed to setup sysctl parameters\n" + SETUP + SYNC.format(4) + SPAWN
)
SECCOMP = (
    'lxc_read_seccomp_config: 1190 No such file or directory - Failed to open seccomp policy file "{}"\n'
)
GONE = (
    "lxc-info: @: ../src/lxc/af_unix.c: lxc_abstract_unix_recv_fds_iov: 218 Connection reset by peer"
    " - Failed to receive response\n"
    "lxc-info: @: ../src/lxc/commands.c: lxc_cmd_rsp_recv_fds: 128 Failed to receive file descriptors"
    ' for command "get_init_pid"\n'
)
ATTACH = 'lxc-attach: {}: ../src/lxc/attach.c: lxc_attach_run_command: 1845 {} - Failed to exec "{}"\n'
