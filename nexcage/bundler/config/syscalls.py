"""The system calls of Linux, sorted by what a container may do with them; data for `seccomp`.

Sources: syscalls(2), capabilities(7) and the page of each call; the groups are those of the kernel's manual.
"""

# GOARCH → SCMP_ARCH_ names: the machine's own, then the older ones that its kernel also runs
ARCHITECTURES = {
    "386": "X86",
    "amd64": "X86_64 X86 X32",
    "arm": "ARM",
    "arm64": "AARCH64 ARM",
    "mips64le": "MIPSEL64 MIPSEL MIPSEL64N32",
    "mipsle": "MIPSEL",
    "ppc64le": "PPC64LE",
    "riscv64": "RISCV64",
    "s390x": "S390X S390",
}

_FILES = """
    access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat
    faccessat2 fadvise64 fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat
    fcntl fcntl64 fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstat64 fstatat64
    fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat getcwd getdents getdents64 getxattr getxattrat
    ioctl lchown lchown32 lgetxattr link linkat listxattr listxattrat llistxattr _llseek lremovexattr
    lseek lsetxattr lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat
    openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readdir readlink
    readlinkat readv removexattr removexattrat rename renameat renameat2 rmdir sendfile sendfile64
    setxattr setxattrat splice stat stat64 statfs statfs64 statx symlink symlinkat sync sync_file_range
    sync_file_range2 syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat utimensat_time64
    utimes vmsplice write writev
"""
_WAITING = """
    epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old
    eventfd eventfd2 fanotify_mark futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake
    inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents
    io_pgetevents io_pgetevents_time64 io_setup io_submit _newselect pause poll ppoll ppoll_time64
    pselect6 pselect6_time64 select signalfd signalfd4
"""
_TIME = """
    alarm clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
    clock_nanosleep_time64 getitimer gettimeofday nanosleep setitimer time timer_create timer_delete
    timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64 timerfd timerfd_create
    timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
"""
_MEMORY = """
    brk cachestat get_mempolicy madvise map_shadow_stack mbind membarrier memfd_create memfd_secret
    mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap
    pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages set_mempolicy
    set_mempolicy_home_node
"""
_NETWORK = """
    accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg
    recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketcall socketpair
"""
_IPC = """
    ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend
    mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop
    semtimedop_time64 shmat shmctl shmdt shmget
"""
# adjtimex and clock_adjtime read the clock's state; to change it the kernel asks for CAP_SYS_TIME.
_PROCESSES = """
    adjtimex arch_prctl capget capset clock_adjtime clock_adjtime64 execve execveat exit exit_group fork
    get_robust_list get_thread_area getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups
    getgroups32 getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid
    getresuid32 getrlimit getrusage getsid gettid getuid getuid32 ioprio_get ioprio_set kill
    landlock_add_rule landlock_create_ruleset landlock_restrict_self listmount lsm_get_self_attr
    lsm_list_modules modify_ldt nice pidfd_getfd pidfd_open pidfd_send_signal prctl prlimit64
    restart_syscall riscv_hwprobe rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
    rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
    sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr
    sched_setparam sched_setscheduler sched_yield seccomp set_robust_list set_thread_area set_tid_address
    setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpgid setpriority
    setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit setsid
    setuid setuid32 sigaction sigaltstack signal sigpending sigprocmask sigreturn sigsuspend statmount
    sysinfo tgkill tkill ugetrlimit uname uretprobe vfork wait4 waitid waitpid
"""
# calls that only some machines have
_MACHINES = """
    arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush riscv_flush_icache s390_guarded_storage
    s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr s390_sthyi set_tls switch_endian sysmips
"""
# not in the strict list: debuggers, and old or large interfaces that services do not use
TRACING = "process_vm_readv process_vm_writev ptrace"
ALLOWED = f"{_FILES}{_WAITING}{_TIME}{_MEMORY}{_NETWORK}{_IPC}{_PROCESSES}{_MACHINES}".split()

# capability → what it is needed for; where a call stands twice, one of the capabilities is enough
BY_CAPABILITY = {
    "AUDIT_WRITE": "socket",
    "BPF": "bpf",
    "CHECKPOINT_RESTORE": "kcmp",
    "DAC_READ_SEARCH": "open_by_handle_at",
    "PERFMON": "perf_event_open",
    "SYS_ADMIN": """
        bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr
        move_mount open_tree open_tree_attr perf_event_open pivot_root quotactl quotactl_fd setdomainname
        sethostname setns swapoff swapon syslog umount umount2 unshare
""",
    "SYS_BOOT": "kexec_file_load kexec_load reboot",
    "SYS_CHROOT": "chroot",
    "SYS_MODULE": "delete_module finit_module init_module query_module",
    "SYS_NICE": "migrate_pages move_pages",
    "SYS_PACCT": "acct",
    "SYS_PTRACE": "kcmp process_madvise process_vm_readv process_vm_writev ptrace",
    "SYS_RAWIO": "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write",
    "SYS_TIME": "clock_settime clock_settime64 settimeofday stime",
    "SYS_TTY_CONFIG": "vhangup",
    "SYSLOG": "syslog",
}
# never allowed: keys are not separated by namespaces, the others are attack surface or long gone.
# io_uring would get round the filter, its calls are not system calls: ENOSYS makes programs use epoll.
_DENIED = """
    add_key bdflush keyctl nfsservctl request_key sgetmask ssetmask swapcontext sysfs _sysctl uselib
    userfaultfd ustat vm86 vm86old
"""
DENIED = _DENIED.split()
