// Is the site of a run what it should be? One run of the sample market, looked at from every side; what edits it is last.

import {afterAll, beforeAll} from "vitest";
import {describeEveryPage} from "./everyPage.ts";
import {describePublishedRun} from "./publishedRun.ts";
import {describeRecordPages} from "./recordPages.ts";
import {discardSample, publishSample} from "./sampleSite.ts";
import {describeSitePages} from "./sitePages.ts";

beforeAll(publishSample, 600_000);
afterAll(discardSample);

describeEveryPage();
describeSitePages();
describeRecordPages();
describePublishedRun();
