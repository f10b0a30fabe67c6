using PaperPipeline.Fetcher;
using PaperPipeline.ServiceDefaults;
using PaperPipeline.ServiceDefaults.Messaging;

return await WorkerHost.RunAsync(
    new Worker
    {
        Stage = "fetcher",
        Queue = Routes.Fetch,
        Prefetch = 2,
        AddServices = FetcherStage.AddWorkerAsync,
        AddConsumers = bus => bus.AddFetcherConsumers(),
    },
    args
);
