using PaperPipeline.Indexer;
using PaperPipeline.ServiceDefaults;
using PaperPipeline.ServiceDefaults.Messaging;

return await WorkerHost.RunAsync(
    new Worker
    {
        Stage = "indexer",
        Queue = Routes.Index,
        Prefetch = 40,
        AddServices = IndexerStage.AddWorkerAsync,
        AddConsumers = bus => bus.AddIndexerConsumers(),
    },
    args
);
