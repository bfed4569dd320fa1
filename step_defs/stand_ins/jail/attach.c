// SPDX-License-Identifier: Apache-2.0
// Two calls of FreeBSD's libc for programs of a stand-in host: jail_attach(2) and procctl(2).
//
// cc -shared -fPIC; the programs get it by LD_PRELOAD. The host is the directory that NEXCAGE_FREEBSD names
// (state.py, PLACE). What a jail is stands in its ns/JID.path, which running.py keeps: the word new or
// inherit (its hostname) or broken (its root is not there any more), a newline, the path.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { P_PID_OF_FREEBSD = 0 };
enum { PROC_TRACE_CTL = 7, PROC_TRACE_CTL_ENABLE = 1, PROC_TRACE_CTL_DISABLE = 2 };
enum { PROC_NO_NEW_PRIVS_CTL = 19, PROC_NO_NEW_PRIVS_ENABLE = 1 };

static int fail(int code)
{
    errno = code;
    return -1;
}

// Open ns/JID.KIND of the host.
static int opened(int jid, const char *kind)
{
    const char *home = getenv("NEXCAGE_FREEBSD");
    char name[PATH_MAX];
    int length = snprintf(name, sizeof name, "%s/ns/%d.%s", home ? home : "", jid, kind);

    if (home == NULL || length >= (int)sizeof name)
        return fail(ENOENT);
    return open(name, O_RDONLY | O_CLOEXEC);
}

static int join(int jid, const char *kind, int flag)
{
    int space = opened(jid, kind);
    int failed = space < 0 || setns(space, flag) != 0;

    if (space >= 0)
        close(space);
    return failed ? -1 : 0;
}

// jail_attach(2): EPERM for anybody but root, EINVAL for a jail that there is not.
int jail_attach(int jid)
{
    char facts[PATH_MAX + 16] = "", *path;
    int file = opened(jid, "path");
    ssize_t length = file < 0 ? -1 : read(file, facts, sizeof facts - 1);

    if (file >= 0)
        close(file);
    if (geteuid() != 0)
        return fail(EPERM);
    if (length <= 0 || (path = strchr(facts, '\n')) == NULL)
        return fail(EINVAL);
    *path++ = '\0';
    if (strcmp(facts, "broken") == 0)
        return fail(ENOTDIR);
    if (join(jid, "ipc", CLONE_NEWIPC) != 0)
        return -1;
    if (strcmp(facts, "inherit") != 0 && join(jid, "uts", CLONE_NEWUTS) != 0)
        return -1;
    // mounts that the process makes are its own; those of the host still reach it
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) != 0)
        return -1;
    return chroot(path) != 0 || chdir("/") != 0 ? -1 : 0;
}

// procctl(2) of the calling process, as far as no_new_privs and tracing go. id_t has 64 bits there.
int procctl(int idtype, long long id, int com, void *data)
{
    if (idtype != P_PID_OF_FREEBSD || (id != 0 && id != getpid()))
        return fail(ESRCH);
    int value = data == NULL ? 0 : *(int *)data;
    if (com == PROC_TRACE_CTL && (value == PROC_TRACE_CTL_ENABLE || value == PROC_TRACE_CTL_DISABLE))
        return prctl(PR_SET_DUMPABLE, value == PROC_TRACE_CTL_ENABLE, 0, 0, 0);
    if (com == PROC_NO_NEW_PRIVS_CTL && value == PROC_NO_NEW_PRIVS_ENABLE)
        return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return fail(EINVAL);
}
