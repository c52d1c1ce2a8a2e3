@echo off
rem Copyright the Whybox authors. SPDX-License-Identifier: Apache-2.0
rem Runs Whybox from this folder and builds it first where it is not built.
setlocal
set "JAR=%~dp0target\whybox.jar"
if not exist "%JAR%" (
  echo Building Whybox ^(first use; this may download libraries for some minutes^) ... 1>&2
  pushd "%~dp0"
  call mvn -q -B -ntp -Dmaven.test.skip=true package 1>&2
  popd
)
if not exist "%JAR%" (
  echo whybox: the build failed; what Maven says stands above. 1>&2
  exit /b 1
)
java -XX:+UseSerialGC ^
  -Dorg.bytedeco.javacpp.platform.extension= -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
  %WHYBOX_JAVA_OPTIONS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
