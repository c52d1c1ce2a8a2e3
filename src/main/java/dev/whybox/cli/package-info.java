// Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
/** The command line: nothing but argument handling. */
package dev.whybox.cli;
