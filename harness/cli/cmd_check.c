// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/verification.h"

#include "harness/doctor.h"

int cmd_check(int argc, char **argv)
{
    cli_verification v = {0};
    const cli_option options[] = {CLI_VERIFICATION_OPTIONS(v)};
    const cli_command command = {
        .usage = "check SHADER|MANIFEST|DIR [CASE-GLOB...] [options]",
        .about =
            "Verifies a shader that is not part of assay: X.comp with its manifest in the head\n"
            "comment (compiled with glslc), X.yaml beside X.spv, or a folder of them. Cases and\n"
            "options are those of `assay verify`; docs/manifests.md tells about manifests.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .least = 1,
        .most = -1,
    };
    assay_error error = {0};
    int count, code;
    assay_run_info_fill(&v.run, argc, argv);
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    v.shader = argv[0];
    v.sanitizers = ASSAY_SANITIZE_ALL;
    if (assay_validation_available())
        v.validation = ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_SYNC | ASSAY_VALIDATE_GPU;
    if (assay_kernels_load(&v.kernels, v.shader, &error) != ASSAY_OK) {
        assay_kernels_destroy(&v.kernels);
        return cli_fail(&error);
    }
    return cli_verify(&v, argv + 1, count - 1);
}
