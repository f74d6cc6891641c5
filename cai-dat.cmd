@echo off
rem Sets the program up for you alone: no administrator, no git. Double-click it; once more does no harm.
rem Plain ASCII, since cmd.exe loses its place in anything else: its sentences are in schemas\desk.toml.
setlocal DisableDelayedExpansion
pushd "%~dp0"
chcp 65001 >nul
set "PYTHONUTF8=1"
set "OWN=.venv\Scripts\python.exe"
set "READY=.venv\da-cai-dat"
set "NEW_ENOUGH=import sys; sys.exit(sys.version_info < (3, 11))"
set "FOUND="
set "CODE=3"
if exist thu-vien\ set "PIP_NO_INDEX=1"
if exist thu-vien\ set "PIP_FIND_LINKS=thu-vien"
if not exist run_monthly.py goto packed

if not exist "%OWN%" goto find
"%OWN%" -c "%NEW_ENOUGH%" >nul 2>nul
if not errorlevel 1 goto install

:find
call :say finding
call :try py -3
if not defined FOUND call :try python
if not defined FOUND call :say no_python
if not defined FOUND goto end
call :say making
%FOUND% -m venv --clear .venv
if not errorlevel 1 goto install
call :say venv_failed
goto end

:install
if exist "%READY%" del "%READY%"
call :say installing
"%OWN%" -m pip --disable-pip-version-check --no-input install -q -r requirements.txt
if not errorlevel 1 goto compile
call :say install_failed
goto end

:compile
type nul >"%READY%"
call :say compiling
"%OWN%" -m compileall -q pipeline
"%OWN%" run_monthly.py doctor
set "CODE=%ERRORLEVEL%"
if %CODE%==0 call :say ready
if not %CODE%==0 call :say odd
goto end

:packed
rem Windows has taken this file alone out of the ZIP, so that its sentences are not here.
echo Hay giai nen ca tep .zip truoc (Extract All), roi bam dup lai cai-dat.cmd trong thu muc da giai nen.

:end
popd
if not "%~1"=="chained" pause
exit /b %CODE%

:try
%* -c "%NEW_ENOUGH%" >nul 2>nul
if not errorlevel 1 set "FOUND=%*"
exit /b

:say
for /f "usebackq tokens=1,2* delims=.=" %%a in ("schemas\desk.toml") do if "%%a"=="%~1" echo %%~c
exit /b
