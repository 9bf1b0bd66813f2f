// SPDX-License-Identifier: Apache-2.0
// The child's side and the wire between: frames of a kind and a size over one socket pair.
#ifndef ASSAY_CHILD_H
#define ASSAY_CHILD_H

#include "harness/runner.h"

#include <sys/types.h>

typedef enum assay_frame_kind {
    ASSAY_FRAME_READY,  // child: assay_run_info
    ASSAY_FRAME_RESULT, // child: one record
    ASSAY_FRAME_LOST,   // child: the device is gone, assay_error follows; the child exits
    ASSAY_FRAME_FATAL,  // child: assay_error; the run ends
    ASSAY_FRAME_WORK,   // parent: int[] of checks
} assay_frame_kind;

typedef struct assay_frame {
    uint32_t kind;
    uint32_t size; // bytes that follow
} assay_frame;

typedef struct assay_child {
    pid_t pid; // 0: none
    int socket;
} assay_child;

ASSAY_CHECKED assay_status assay_child_start(assay_child *child, const assay_executor *executor,
                                             assay_error *error);
// Ends the child and collects it; *wait_status is as waitpid gives it, and may be NULL. Accepts a
// child that is not there.
void assay_child_end(assay_child *child, int signal_number, int *wait_status);

bool assay_frame_send(int socket, assay_frame_kind kind, const void *data, size_t size);

typedef enum assay_receipt { ASSAY_RECEIVED, ASSAY_CLOSED, ASSAY_TIMED_OUT } assay_receipt;

// Receives one frame by the deadline (assay_now); *data is grown as needed and stays the caller's
// to free.
assay_receipt assay_frame_receive(int socket, double deadline, assay_frame *frame, uint8_t **data,
                                  size_t *capacity);

#endif
