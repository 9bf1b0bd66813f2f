// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include "harness/doctor.h"

int cmd_verify(int argc, char **argv)
{
    cli_verification v = {0};
    const cli_option options[] = {CLI_VERIFICATION_OPTIONS(v)};
    const cli_command command = {
        .usage = "verify [CASE-GLOB...] [options]",
        .about =
            "Runs every selected case with every kernel of its operator and holds what comes out\n"
            "against the reference, within the bound derived for each element. A CASE-GLOB\n"
            "('conv2d*k3x3*') chooses from the suite; a whole case string is a case of its own,\n"
            "{a,b} multiplies out. `assay list cases` shows them.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .most = -1,
    };
    assay_error error = {0};
    int count, code;
    assay_run_info_fill(&v.run, argc, argv);
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    if (assay_kernels_builtin(&v.kernels, &error) != ASSAY_OK)
        return cli_fail(&error);
    return cli_verify(&v, argv, count);
}
