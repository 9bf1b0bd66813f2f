// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "harness/doctor.h"

#include <stdio.h>

int cmd_doctor(int argc, char **argv)
{
    const cli_command command = {
        .usage = "doctor",
        .about = "Says what of a working set-up is here, what is missing, and how to get it. Exit "
                 "code 4\n"
                 "when kernels cannot be verified on this machine.",
    };
    static const char *const marks[] = {"ok", "optional", "MISSING"};
    assay_finding findings[ASSAY_FINDINGS_MAX];
    char libraries[1024];
    int count, code, missing = 0;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    int rows = assay_doctor(findings);
    for (int i = 0; i < rows; i++) {
        const assay_finding *f = &findings[i];
        missing += f->level == ASSAY_FINDING_MISSING;
        printf("%-8s  %-24s  %s\n", marks[f->level], f->what, f->found);
        if (f->remedy[0])
            printf("%-8s  %-24s  -> %s\n", "", "", f->remedy);
    }
    printf("%-8s  %-24s  %s\n", "ok", "libraries", assay_libraries(libraries, sizeof libraries));
    return missing ? assay_status_exit_code(ASSAY_NO_DEVICE) : 0;
}
