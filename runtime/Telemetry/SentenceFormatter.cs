using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace UsageBilling.Runtime.Telemetry;

/// <summary>One line per event: level, category, id, message and the cause in a sentence. A library that logs pages of stack gets one line too.</summary>
internal sealed class SentenceFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sentence";

    private const int MessageMax = 300;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        var cause = logEntry.Exception is { } fault ? $" — {OneLine(fault.GetBaseException().Message)}" : "";
        var trace = Activity.Current is { } activity ? $" (trace {activity.TraceId})" : "";
        textWriter.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{cause}{trace}"));
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length > MessageMax ? line[..MessageMax] + "…" : line;
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "information",
        _ => "detail",
    };
}
