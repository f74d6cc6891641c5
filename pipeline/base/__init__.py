"""Words that every layer shares: periods, sheets, findings, errors. Imports nothing of ours."""
