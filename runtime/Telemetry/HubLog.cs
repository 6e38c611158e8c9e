using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace UsageBilling.Runtime.Telemetry;

/// <summary>How a log is written.</summary>
public enum LogForm
{
    /// <summary>A line for a person per event.</summary>
    Text,

    /// <summary>A JSON object per event, with the named values of its message, for a program.</summary>
    Json,
}

/// <summary>The log of every program of the hub: on stderr, with the trace that an event belongs to.</summary>
public static class HubLog
{
    /// <summary>The setting, as the environment spells it.</summary>
    public const string Setting = "UsageBilling__LogForm";

    /// <summary>What the setting asks for, or a sentence about what is wrong with it.</summary>
    /// <param name="text">Null when it is not set: text.</param>
    public static (LogForm Form, string? Objection) FormOf(string? text) => text switch
    {
        null or "text" => (LogForm.Text, null),
        "json" => (LogForm.Json, null),
        _ => (LogForm.Text, $"{Setting} is text or json, not '{text}'."),
    };

    /// <summary>Writes to stderr, from warnings on; levels are the caller's to change.</summary>
    public static ILoggingBuilder AddHubConsole(this ILoggingBuilder logging, LogForm form)
    {
        logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.AddConsoleFormatter<SentenceFormatter, ConsoleFormatterOptions>();
        logging.AddJsonConsole(json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "O";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.FormatterName = form == LogForm.Json ? ConsoleFormatterNames.Json : SentenceFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        return logging.SetMinimumLevel(LogLevel.Warning);
    }
}
