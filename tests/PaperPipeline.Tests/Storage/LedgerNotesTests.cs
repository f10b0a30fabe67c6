using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PaperPipeline.Contracts;
using PaperPipeline.Indexer;
using PaperPipeline.Storage.Index;

namespace PaperPipeline.Tests.Storage;

/// <summary>When the indexer has the ledger note what became of digests.</summary>
public sealed class LedgerNotesTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Ledger _ledger = new();
    private readonly SinkGuard _guard;
    private readonly LedgerNotes _notes;

    public LedgerNotesTests()
    {
        _guard = new SinkGuard(_clock);
        _notes = new LedgerNotes(_ledger, _guard, _clock, NullLogger<LedgerNotes>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _notes.StopAsync(CancellationToken.None);
        _notes.Dispose();
        _guard.Dispose();
    }

    [Fact]
    public async Task At_the_start_all_that_was_left_is_noted_and_again_until_the_index_takes_it()
    {
        _ledger.Fails = 2;

        await StartAsync();
        await UntilAsync(() => _ledger.Asked.Count >= 3);

        Assert.All(_ledger.Asked, Assert.Null);
    }

    [Fact]
    public async Task A_digest_is_noted_once_when_nothing_more_is_said_of_it()
    {
        await StartAsync();
        for (var paper = 0; paper < 100; paper++)
            _notes.Touch("d");
        await UntilAsync(() => _ledger.Noted.Count > 0);
        await PassAsync(10);

        Assert.Equal(["d"], _ledger.Noted);
    }

    [Fact]
    public async Task While_something_is_said_all_the_time_it_is_noted_twice_a_minute()
    {
        await StartAsync();
        for (var n = 0; n < 100; n++)
        {
            _notes.Touch("d");
            await PassAsync(0.5);
        }

        Assert.Equal(["d"], _ledger.Noted);
    }

    [Fact]
    public async Task What_others_have_written_to_meanwhile_is_noted_again()
    {
        _ledger.Overtaken = 2;
        await StartAsync();
        _notes.Touch("d");

        await UntilAsync(() => _ledger.Noted.Count >= 3);
        await PassAsync(10);

        Assert.Equal(["d", "d", "d"], _ledger.Noted);
    }

    [Fact]
    public async Task However_late_it_is_noted_the_time_is_that_of_what_was_written_last()
    {
        _ledger.Overtaken = 2;
        await StartAsync();
        _notes.Touch("d");
        await PassAsync(0.5);
        var last = _clock.GetUtcNow();
        _notes.Touch("d");

        await UntilAsync(() => _ledger.Noted.Count >= 1);
        _ledger.Fails = 2;
        await UntilAsync(() => _ledger.Noted.Count >= 5);

        Assert.All(_ledger.Asked.Skip(1), written => Assert.Equal(last, written!["d"]));
        Assert.True(_clock.GetUtcNow() > last);
    }

    [Fact]
    public async Task At_the_end_the_rest_is_noted_without_waiting()
    {
        await StartAsync();
        _notes.Touch("d");

        await _notes.StopAsync(Token);

        Assert.Equal(["d"], _ledger.Noted);
    }

    private async Task StartAsync()
    {
        await _notes.StartAsync(Token);
        if (_ledger.Fails == 0)
            await UntilAsync(() => !_ledger.Asked.IsEmpty);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "it did not come about in time");
            await PassAsync(0.5);
        }
    }

    // In small steps, each with a moment for what waits.
    private async Task PassAsync(double seconds)
    {
        for (var n = 0; n < seconds * 2; n++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Token);
        }
    }

    private sealed class Ledger : ILedger
    {
        /// <summary>What was asked for, null for all that is left.</summary>
        public ConcurrentQueue<IReadOnlyDictionary<string, DateTimeOffset>?> Asked { get; } = [];

        public IReadOnlyList<string> Noted => [.. Asked.SelectMany(some => some?.Keys ?? [])];

        public int Fails { get; set; }

        public int Overtaken { get; set; }

        public Task<IReadOnlyCollection<string>> NoteAsync(
            IReadOnlyDictionary<string, DateTimeOffset>? digests,
            DateTimeOffset now,
            CancellationToken cancellationToken
        )
        {
            Asked.Enqueue(digests);
            if (Fails-- > 0)
                throw new StoreUnavailableException("away");
            return Task.FromResult<IReadOnlyCollection<string>>(
                digests is null || Overtaken-- <= 0 ? [] : [.. digests.Keys]
            );
        }

        public Task RecordAsync(DigestFetched fetched, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task RecordAsync(DigestParsed parsed, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<DigestStatus>> ListAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DigestStatus?> FindAsync(string digest, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<DigestStatus>> FindAsync(
            IReadOnlyCollection<string> digests,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();
    }
}
