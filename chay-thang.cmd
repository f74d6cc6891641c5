@echo off
rem Runs the month: double-click this file after the forms have been put into the inbox.
rem Options are handed on: chay-thang.cmd --period 2026-10
setlocal DisableDelayedExpansion
pushd "%~dp0"
chcp 65001 >nul
set "PYTHONUTF8=1"
set "OWN=.venv\Scripts\python.exe"
set "READY=.venv\da-cai-dat"
set "CODE=3"
if not exist cai-dat.cmd goto packed

if not exist "%READY%" call cai-dat.cmd chained
if not exist "%READY%" goto end
"%OWN%" run_monthly.py run --open %*
set "CODE=%ERRORLEVEL%"
if not %CODE%==0 "%OWN%" run_monthly.py doctor
goto end

:packed
rem Windows has taken this file alone out of the ZIP.
echo Hay giai nen ca tep .zip truoc (Extract All), roi bam dup lai chay-thang.cmd trong thu muc da giai nen.

:end
popd
pause
exit /b %CODE%
