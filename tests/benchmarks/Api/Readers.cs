using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace UsageBilling.Benchmarks.Api;

/// <summary>What readers of one kind got.</summary>
internal sealed record Read(double Seconds, IReadOnlyList<double> Milliseconds, int Wrong) : Timed(Seconds, Milliseconds);

/// <summary>A portal's readers, each asking again as soon as it has its answer: some of one line, some of a full page from anywhere in the list.</summary>
internal sealed class Readers : IDisposable
{
    public const int PageRows = 200;

    /// <summary>Strides that meet every line before one comes again.</summary>
    private const int Stride = 7_919;

    private readonly HttpClient client;
    private readonly int lines;
    private readonly int count;

    /// <param name="count">Of each kind.</param>
    public Readers(Uri api, string key, int lines, int count)
    {
        client = new() { BaseAddress = api, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        (this.lines, this.count) = (lines, count);
    }

    public void Dispose() => client.Dispose();

    /// <summary>Reads until it is cancelled.</summary>
    public async Task<(Read One, Read Page)> Read(CancellationToken until)
    {
        var one = Kind(number => $"/v1/lines/{1 + (number * (long)Stride % lines)}", IsLine, until);
        var page = Kind(number => $"/v1/lines?limit={PageRows}&cursor={Cursor(number * (long)Stride % (lines - PageRows))}", IsFullPage, until);
        return (await one, await page);
    }

    private async Task<Read> Kind(Func<int, string> path, Func<byte[], bool> isRight, CancellationToken until)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, count).Select(reader => Task.Run(() => One(reader, path, isRight, until), CancellationToken.None)));
        return new(Stopwatch.GetElapsedTime(began).TotalSeconds, [.. all.SelectMany(one => one.Milliseconds).Order()], all.Sum(one => one.Wrong));
    }

    private async Task<(List<double> Milliseconds, int Wrong)> One(int reader, Func<int, string> path, Func<byte[], bool> isRight, CancellationToken until)
    {
        var (milliseconds, wrong) = (new List<double>(), 0);
        for (var number = reader; !until.IsCancellationRequested; number += count)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri(path(number), UriKind.Relative), CancellationToken.None);
            var body = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (answer.StatusCode != HttpStatusCode.OK || !isRight(body)) wrong++;
        }

        return (milliseconds, wrong);
    }

    private static bool IsLine(byte[] body) => JsonDocument.Parse(body).RootElement.TryGetProperty("units", out _);

    private static bool IsFullPage(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("items").GetArrayLength() == PageRows;

    /// <summary>The place after a line, as the api's own cursors have it.</summary>
    private static string Cursor(long after) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{after}.0.0")).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
