// For LD_PRELOAD under Valgrind 3.19, which writes into the mask that sigsuspend is given; Swift's runtime gives it one in
// read-only memory, and Valgrind dies.
// Build: cc -O2 -shared -fPIC -o writable-sigsuspend.so writable-sigsuspend.c
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, _NSIG / 8);
}
