@echo off
rem Makes the task that calls "tick" every 10 minutes while you are signed in. Double-click this file once.
rem The task is looked at and stopped in Task Scheduler, or removed by:
rem   schtasks /Delete /F /TN "Tong hop bao cao thang"
setlocal
set "HERE=%~dp0.."
schtasks /Create /F /SC MINUTE /MO 10 /TN "Tong hop bao cao thang" /TR "\"%HERE%\.venv\Scripts\pythonw.exe\" \"%HERE%\run_monthly.py\" tick"
pause
