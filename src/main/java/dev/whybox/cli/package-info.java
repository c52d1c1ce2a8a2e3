// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/**
 * The command line: it reads arguments, opens models and images, shows progress and writes files.
 * The work itself is done by the packages below. Each command is a class; {@link
 * dev.whybox.cli.ExplainCommand} is the longest way through. Start at {@link dev.whybox.cli.Main}.
 */
package dev.whybox.cli;
